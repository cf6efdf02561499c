import { Controller, Get, Inject } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { ledgerHead } from "../../projections/tree-head.js";
import type { Ledger } from "../ledger/ledger.js";
import { LEDGER } from "./ledger-token.js";

/** Whether the service and its ledger are well: 200, or 503 as problem+json. */
@ApiTags("health")
@Controller("health")
export class HealthController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Get()
  async health() {
    await this.ledger.readModels.refresh();
    return {
      status: "ok",
      ledgerHead: ledgerHead(this.ledger.readModels.tables),
      readModels: this.ledger.readModels.status(),
    };
  }
}
