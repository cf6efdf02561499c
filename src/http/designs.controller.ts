import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from "@nestjs/common";
import { ApiBody, ApiTags } from "@nestjs/swagger";
import { z } from "zod";
import { rollBack } from "../../schemas/commands/timing-commands.js";
import { diffStages } from "../ledger/diff.js";
import { historyOf, listDesigns } from "../ledger/history.js";
import { parse } from "../ledger/checkpoint-commands.js";
import type { Caller, Ledger } from "../ledger/ledger.js";
import { findPaths } from "../ledger/paths.js";
import { rollback } from "../ledger/rollback.js";
import { showStage } from "../ledger/stage-view.js";
import { LEDGER } from "./ledger-token.js";
import { bodySchema } from "./body-schema.js";
import { orProblem, RefusedException } from "./problem.js";
import { RequestCaller } from "./request-caller.js";

const slack = z.string().min(1).pipe(z.coerce.number());

/** What `ckpt paths` takes as options: the paths that are wanted, and which page of them. */
const pathQuery = z.strictObject({
  slackMax: slack.optional(),
  slackMin: slack.optional(),
  group: z.string().optional(),
  clock: z.string().optional(),
  type: z.enum(["max", "min"]).optional(),
  corner: z.string().optional(),
  endpoint: z.string().optional(),
  file: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
});

const rollBackBody = rollBack.omit({ design: true });

/** Designs, their stages, what changed between them, and rollback. */
@ApiTags("designs")
@Controller("api/designs")
export class DesignsController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Get()
  async list() {
    return { designs: await listDesigns(this.ledger) };
  }

  @Get(":design")
  async history(@Param("design") design: string) {
    const { ok: _, ...history } = orProblem(await historyOf(this.ledger, design));
    return history;
  }

  @Get(":design/stages/:stage")
  async stage(@Param("design") design: string, @Param("stage") stage: string) {
    return orProblem(await showStage(this.ledger, `${design}@${stage}`)).stage;
  }

  @Get(":design/stages/:stage/paths")
  async paths(@Param("design") design: string, @Param("stage") stage: string, @Query() query: unknown) {
    const parsed = parse(pathQuery, query);
    if (!parsed.ok) throw new RefusedException(parsed);
    const { ok: _, ...page } = orProblem(await findPaths(this.ledger, `${design}@${stage}`, parsed.value));
    return page;
  }

  @Get(":design/diff")
  async diff(@Param("design") design: string, @Query("from") from: string, @Query("to") to: string) {
    const { ok: _, ...diff } = orProblem(await diffStages(this.ledger, `${design}@${from}`, `${design}@${to}`));
    return diff;
  }

  @Post(":design/rollback")
  @HttpCode(200)
  @ApiBody({ schema: bodySchema(rollBackBody) })
  async rollback(
    @Param("design") design: string,
    @Body({ schema: rollBackBody }) body: Record<string, unknown>,
    @RequestCaller() caller: Caller,
  ) {
    const { stage, event } = orProblem(await rollback(this.ledger, { ...body, design }, caller));
    return { ...stage, event };
  }
}
