import { Controller, Get, Inject } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { ledgerHead } from "../../projections/tree-head.js";
import { lagOf } from "../ledger/lag.js";
import type { Ledger } from "../ledger/ledger.js";
import { LEDGER } from "./ledger-token.js";

/**
 * Whether the service and its ledger are well: 200, or 503 as problem+json, which a read model that has stopped is too.
 * `degraded` says that events are parked: what belongs to their streams is not up to date. The lag is as it was found.
 */
@ApiTags("health")
@Controller("health")
export class HealthController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Get()
  async health() {
    const { readModels } = await lagOf(this.ledger);
    await this.ledger.readModels.refresh();
    const parked = this.ledger.readModels.status().some((each) => each.parked > 0);
    return {
      status: parked ? "degraded" : "ok",
      ledgerHead: ledgerHead(this.ledger.readModels.tables),
      readModels,
    };
  }
}
