import type { Metadata, ServiceError, UntypedHandleCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Faults } from "./faults.js";
import { failure, notLeader } from "./messages.js";

interface Call {
  readonly metadata: Metadata;
  getPeer(): string;
  emit(event: "error", error: ServiceError): void;
  on(event: "error", listener: () => void): void;
}
type Answer = (error: ServiceError | null, response?: unknown) => void;
type Handler = (call: Call, answer: Answer) => void;

/** The calls of a service behind the faults that strike before a call does anything. */
export function guarded(faults: Faults, calls: object): UntypedServiceImplementation {
  const wrap = ([name, handler]: [string, Handler]): [string, UntypedHandleCall] => [
    name,
    ((call: Call, answer: Answer) => {
      faults.count(name);
      faults.authorizations.set(name, String(call.metadata.get("authorization")[0] ?? ""));
      const wantsLeader = call.metadata.get("requires-leader").length > 0;
      if (wantsLeader) faults.count(`${name} leader`);
      call.on("error", () => undefined);
      if (faults.isDeafTo(call.getPeer())) return;
      const error = faultOf(faults, wantsLeader);
      if (!error) return handler(call, answer);
      if (typeof answer === "function") answer(error);
      else call.emit("error", error);
    }) as UntypedHandleCall,
  ];
  return Object.fromEntries(Object.entries(calls as Record<string, Handler>).map(wrap));
}

function faultOf(faults: Faults, wantsLeader: boolean): ServiceError | null {
  const { failing, notLeader: moved } = faults;
  if (failing && failing.times-- > 0) return failure(failing.code, failing.details);
  if (wantsLeader && moved && moved.times-- > 0) return notLeader(moved.host, moved.port);
  return null;
}
