import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from "@nestjs/common";
import type { Refusal, RefusalCode } from "../domain/refusal.js";
import { StoreError } from "../store/event-store.js";

/** RFC 9457 problem details. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** What is still true, and what to do. */
  readonly cure?: string;
  readonly allowed?: readonly string[];
}

/** The answer if it went through; a refusal leaves as problem+json. */
export function orProblem<T extends { readonly ok: true }>(answer: T | Refusal): T {
  if (answer.ok) return answer;
  throw new RefusedException(answer);
}

/** Carries a refusal to the filter. */
export class RefusedException extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

function statusOf(code: RefusalCode): number {
  switch (code) {
    case "not-found":
      return 404;
    case "exists-already":
    case "transition-refused":
    case "conflict":
      return 409;
    case "too-large":
      return 413;
    case "invalid":
    case "incomplete-input":
      return 400;
    case "unsupported":
      return 501;
    case "corrupted":
    case "tool-failed":
      return 500;
    default:
      return code satisfies never;
  }
}

/** Turns whatever was thrown into problem+json; no stack leaves the service. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const problem = problemOf(error);
    const reply = host.switchToHttp().getResponse<{
      status(code: number): { header(name: string, value: string): { send(body: unknown): void } };
    }>();
    if (problem.status === 500) process.stderr.write(`ckpt: ${error instanceof Error ? error.stack : String(error)}\n`);
    reply.status(problem.status).header("content-type", "application/problem+json").send(JSON.stringify(problem));
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof RefusedException) {
    const { code, message, cure, allowed } = error.refusal;
    return {
      type: "about:blank",
      title: code,
      status: statusOf(code),
      detail: message,
      code,
      cure,
      ...(allowed ? { allowed } : {}),
    };
  }
  if (error instanceof StoreError)
    return {
      type: "about:blank",
      title: error.code,
      status: 503,
      detail: error.message,
      code: error.code,
      cure: error.cure,
    };
  const status =
    error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number }).statusCode ?? 500);
  const detail = status < 500 && error instanceof Error ? error.message : "a fault of the service";
  return {
    type: "about:blank",
    title: status < 500 ? "refused" : "fault",
    status,
    detail,
    code: status < 500 ? "invalid" : "internal",
  };
}
