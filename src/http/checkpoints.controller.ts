import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from "@nestjs/common";
import { ApiBody, ApiResponse, ApiTags } from "@nestjs/swagger";
import { z } from "zod";
import { countCheckpoints, findCheckpoints } from "../../projections/checkpoints.js";
import { ledgerHead } from "../../projections/tree-head.js";
import {
  completeCheckpoint,
  createCheckpoint,
  failCheckpoint,
  lifecycleState,
  restoreCheckpoint,
  updateCheckpoint,
} from "../../schemas/commands/checkpoint-commands.js";
import {
  type CheckpointView,
  complete,
  create,
  fail,
  getCheckpoint,
  parse,
  restore,
  update,
} from "../ledger/checkpoint-commands.js";
import { lagOf } from "../ledger/lag.js";
import type { Caller, Ledger } from "../ledger/ledger.js";
import { LEDGER } from "./ledger-token.js";
import { bodySchema } from "./body-schema.js";
import { orProblem, RefusedException } from "./problem.js";
import { RequestCaller } from "./request-caller.js";

/** A page of checkpoints: `next` is the cursor of the page after. */
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.coerce.number().int().min(0).optional(),
});

/** The checkpoints of tasks, workers and sessions. Rules are the domain's: this only carries. */
@ApiTags("checkpoints")
@ApiResponse({ status: 404, description: "No such checkpoint (problem+json)" })
@Controller("api")
export class CheckpointsController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Post("checkpoints")
  @ApiBody({ schema: bodySchema(createCheckpoint) })
  async create(
    @Body({ schema: createCheckpoint }) body: unknown,
    @RequestCaller() caller: Caller,
  ): Promise<CheckpointView> {
    return orProblem(await create(this.ledger, body, caller)).checkpoint;
  }

  @Get("checkpoints/summary")
  async summary() {
    await this.ledger.readModels.refresh();
    const { tables } = this.ledger.readModels;
    const counts = countCheckpoints(tables);
    const total = counts.reduce((sum, each) => sum + each.count, 0);
    return { total, byState: sumBy(counts, "state"), byKind: sumBy(counts, "kind"), ledgerHead: ledgerHead(tables) };
  }

  @Get("checkpoints/metrics")
  async metrics() {
    const lag = await lagOf(this.ledger);
    await this.ledger.readModels.refresh();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      checkpoints: countCheckpoints(this.ledger.readModels.tables),
      readModels: lag.readModels,
      log: { position: lag.position, number: lag.number },
      memory: { rss, heapUsed },
      uptimeSeconds: process.uptime(),
    };
  }

  @Get("checkpoints/state/:state")
  async byState(@Param("state") state: string, @Query() query: unknown) {
    const parsed = parse(lifecycleState, state);
    if (!parsed.ok) throw new RefusedException(parsed);
    return await this.#find({ state: parsed.value }, query);
  }

  @Get("checkpoints/:id")
  async get(@Param("id") id: string): Promise<CheckpointView> {
    return orProblem(await getCheckpoint(this.ledger, id)).checkpoint;
  }

  @Put("checkpoints/:id")
  @ApiBody({ schema: bodySchema(updateCheckpoint) })
  async update(
    @Param("id") id: string,
    @Body({ schema: updateCheckpoint }) body: unknown,
    @RequestCaller() caller: Caller,
  ): Promise<CheckpointView> {
    return orProblem(await update(this.ledger, id, body, caller)).checkpoint;
  }

  @Post("checkpoints/:id/complete")
  @HttpCode(200)
  @ApiBody({ schema: bodySchema(completeCheckpoint) })
  async complete(
    @Param("id") id: string,
    @Body({ schema: completeCheckpoint.optional() }) body: unknown,
    @RequestCaller() caller: Caller,
  ): Promise<CheckpointView> {
    return orProblem(await complete(this.ledger, id, body ?? {}, caller)).checkpoint;
  }

  @Post("checkpoints/:id/fail")
  @HttpCode(200)
  @ApiBody({ schema: bodySchema(failCheckpoint) })
  async fail(
    @Param("id") id: string,
    @Body({ schema: failCheckpoint }) body: unknown,
    @RequestCaller() caller: Caller,
  ): Promise<CheckpointView> {
    return orProblem(await fail(this.ledger, id, body, caller)).checkpoint;
  }

  @Post("checkpoints/:id/restore")
  @HttpCode(200)
  @ApiBody({ schema: bodySchema(restoreCheckpoint) })
  async restore(
    @Param("id") id: string,
    @Body({ schema: restoreCheckpoint.optional() }) body: unknown,
    @RequestCaller() caller: Caller,
  ): Promise<CheckpointView> {
    return orProblem(await restore(this.ledger, id, body ?? {}, caller)).checkpoint;
  }

  @Get("tasks/:id/checkpoints")
  async byTask(@Param("id") taskId: string, @Query() query: unknown) {
    return await this.#find({ taskId }, query);
  }

  @Get("workers/:id/checkpoints")
  async byWorker(@Param("id") workerId: string, @Query() query: unknown) {
    return await this.#find({ workerId }, query);
  }

  async #find(filter: Partial<Parameters<typeof findCheckpoints>[1]>, query: unknown) {
    const parsed = parse(page, query);
    if (!parsed.ok) throw new RefusedException(parsed);
    await this.ledger.readModels.refresh();
    const found = findCheckpoints(this.ledger.readModels.tables, { ...filter, ...parsed.value });
    const next = found.length === parsed.value.limit ? found.at(-1)!.number : null;
    return { checkpoints: found.map(({ checkpoint }) => checkpoint), next };
  }
}

function sumBy<Key extends "kind" | "state">(
  counts: readonly (Record<Key, string> & { count: number })[],
  key: Key,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const each of counts) sums[each[key]] = (sums[each[key]] ?? 0) + each.count;
  return sums;
}
