import "reflect-metadata";
import { type DynamicModule, Module, StandardSchemaValidationPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { DocumentBuilder, SwaggerModule } from "@nestjs/swagger";
import type { Ledger } from "../ledger/ledger.js";
import { CheckpointsController } from "./checkpoints.controller.js";
import { DesignsController } from "./designs.controller.js";
import { EventsController } from "./events.controller.js";
import { HealthController } from "./health.controller.js";
import { LEDGER } from "./ledger-token.js";
import { ProblemFilter, RefusedException } from "./problem.js";

@Module({})
class LedgerModule {
  static over(ledger: Ledger): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [CheckpointsController, DesignsController, EventsController, HealthController],
      providers: [{ provide: LEDGER, useValue: ledger }],
    };
  }
}

export interface Service {
  /** Where it listens, e.g. `http://127.0.0.1:7077`. */
  readonly url: string;
  close(): Promise<void>;
}

/** The largest body that is taken. */
const bodyBytesMax = 16 * 1024 * 1024;

/**
 * Serves a ledger over REST on the loopback interface: docs at /docs, events at /api/events, health at /health.
 * @example const service = await serve(ledger, { port: 7077 });
 */
export async function serve(
  ledger: Ledger,
  options: { readonly port: number; readonly host?: string },
): Promise<Service> {
  const adapter = new FastifyAdapter({ bodyLimit: bodyBytesMax, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(LedgerModule.over(ledger), adapter, {
    // What goes wrong is told by the problem filter, or thrown.
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new StandardSchemaValidationPipe({ transform: false, exceptionFactory: invalid }));
  const description = new DocumentBuilder().setTitle("checkpoint-ledger").setVersion("1").build();
  SwaggerModule.setup("docs", app, () => SwaggerModule.createDocument(app, description));
  await app.listen(options.port, options.host ?? "127.0.0.1");
  return { url: await app.getUrl(), close: () => app.close() };
}

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

function invalid(issues: readonly Issue[]): RefusedException {
  const problems = issues.map(({ message, path = [] }) => {
    const place = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return place ? `${place}: ${message}` : message;
  });
  return new RefusedException({
    ok: false,
    code: "invalid",
    message: problems.join("; "),
    cure: "Correct the field and try again; /docs has the schema.",
  });
}
