import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Activity } from "../../../src/opensta/session/heartbeat.js";
import { processTimes } from "../../../src/opensta/session/process-cpu.js";
import type { OpenStaSession } from "../../../src/opensta/session/session.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { notLive, design } from "../live-tool.js";

/** Some 6 MB, after about a second of silence. */
const bigReport = "report_checks -path_delay min_max -group_count 1000 -endpoint_count 5";
/** Many seconds of silence. */
const longSearch = "report_checks -path_delay min_max -group_count 200000 -endpoint_count 200";

/** Sees every beat of a session. */
function beats(session: OpenStaSession): Activity[] {
  const seen: Activity[] = [];
  session.activity.subscribe((activity) => seen.push(activity));
  return seen;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 20_000) throw new Error("what was waited for did not come");
    await wait(20);
  }
}

async function length(source: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of source) bytes += piece.length;
  return bytes;
}

describe.skipIf(notLive !== null)("a stream of the real tool", () => {
  it("that is left in the middle ends its command alone", async () => {
    const session = await design();
    const { pid } = session;
    for await (const piece of session.streamCommand(bigReport)) if (piece.length > 0) break;
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
    expect(session.pid).toBe(pid);
    expect(session.transcript.find(({ command }) => command === bigReport)).toMatchObject({ outcome: "cancelled" });
  });

  it("that a signal aborts ends with what had come, and leaves the session", async () => {
    const session = await design();
    const { pid } = session;
    const abort = new AbortController();
    let bytes = 0;
    const reading = (async () => {
      for await (const piece of session.streamCommand(bigReport, { signal: abort.signal })) {
        bytes += piece.length;
        abort.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "cancelled", command: bigReport });
    expect(bytes).toBeGreaterThan(0);
    expect((await session.run("expr 1+1")).result).toBe("2");
    expect(session.pid).toBe(pid);
  });

  it("whose consumer stalls holds the tool, which uses no CPU until it is read on", async () => {
    const session = await design();
    const seen = beats(session);
    const whole = await length(session.streamCommand(bigReport));
    const stream = session.streamCommand(bigReport, { stuckMs: 300 })[Symbol.asyncIterator]();
    let bytes = (await stream.next()).value!.length;
    await until(() => seen.at(-1)!.state === "paused");
    const before = await processTimes(session.pid!);
    await wait(600);
    expect((await processTimes(session.pid!))!.cpuMs).toBe(before!.cpuMs);
    expect(seen.at(-1)).toMatchObject({ state: "paused" });
    for (let next = await stream.next(); !next.done; next = await stream.next()) bytes += next.value.length;
    expect(bytes).toBe(whole);
    expect(seen.at(-1)!.state).toBe("idle");
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(["idle", "searching", "printing", "paused"]));
  });

  it("that has no reader at all when it is aborted gives the turn back", async () => {
    const session = await design();
    const abort = new AbortController();
    const stream = session.streamCommand(bigReport, { signal: abort.signal })[Symbol.asyncIterator]();
    await stream.next();
    abort.abort();
    expect((await session.run("expr 1+1")).result).toBe("2");
    await expect(stream.next()).rejects.toMatchObject({ code: "cancelled" });
  });

  it("tells a command that fails, behind what it had printed", async () => {
    const session = await design();
    let text = "";
    const reading = (async () => {
      for await (const piece of session.streamCommand("puts before; nosuch")) text += Buffer.from(piece).toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: "command-failed" });
    expect(text).toBe("before\n");
    expect(await length(session.streamCommand("set quiet 1"))).toBe(0);
  });
});

describe.skipIf(notLive !== null)("a stream that is odd", () => {
  it("because its command redirects itself ends, with what came after the redirection last", async () => {
    const session = await design();
    let text = "";
    for await (const piece of session.streamCommand("report_worst_slack > /dev/null; puts after"))
      text += Buffer.from(piece).toString();
    expect(text).toBe("after\n");
    expect((await session.run("expr 1+1")).result).toBe("2");
  });

  it("because its command leaves its output open to another program ends with the command", async () => {
    const session = await design();
    let text = "";
    for await (const piece of session.streamCommand("puts [exec sleep 90 &]")) text += Buffer.from(piece).toString();
    await session.close();
    // It still runs: nothing here has waited for it.
    process.kill(Number(text), "SIGKILL");
  });
});

describe.skipIf(notLive !== null)("a tool that dies", () => {
  it("under a stream leaves what had come; recover() builds the same design again", async () => {
    const session = await design();
    await session.run("set_load -pin_load 0.5 [all_outputs]");
    await session.run("report_checks");
    const figures = session.knownFigures!;
    expect(figures.max.wns).toBeLessThan(0);
    let bytes = 0;
    const reading = (async () => {
      for await (const piece of session.streamCommand(bigReport)) {
        bytes += piece.length;
        process.kill(session.pid!, "SIGKILL");
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: "sta-failed",
      message: expect.stringContaining("SIGKILL") as string,
    });
    expect(bytes).toBeGreaterThan(0);
    expect(session.state).toBe("lost");
    await expect(session.run("expr 1+1")).rejects.toMatchObject({ code: "not-running" });
    expect(await session.recover()).toBeNull();
    await session.run("report_checks");
    expect(session.knownFigures).toEqual(figures);
    expect(session.state).toBe("ready");
  });

  it("under a command keeps what it had printed in the error, and does not repeat that command", async () => {
    const session = await design({ autoRecover: true });
    const dying = session.run("puts printed; flush stdout; set survived 1; exec kill -9 [pid]");
    await expect(dying).rejects.toMatchObject({
      code: "sta-failed",
      output: expect.stringContaining("printed") as string,
    });
    expect((await session.run("info exists survived")).result).toBe("0");
    expect(await session.worstSlack("max")).toBeCloseTo(-1.64, 2);
  });

  it("while nothing runs is noticed, and built again before the next command if that is wished", async () => {
    const session = await design({ autoRecover: true, recoveriesMax: 1 });
    const die = async () => {
      process.kill(session.pid!, "SIGKILL");
      await until(() => session.state === "lost");
    };
    await die();
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
    await die();
    await expect(session.run("expr 1")).rejects.toMatchObject({
      code: "not-running",
      cure: expect.stringContaining("recoveriesMax") as string,
    });
  });

  it("and comes back with another design is refused as a source of captures", async () => {
    const session = await design();
    const file = join(temporaryFolder(), "late.sdc");
    writeFileSync(file, "set_clock_uncertainty -setup 0.5 [get_clocks clk_a]\n");
    await session.run(`source ${file}`);
    await session.run("report_tns");
    writeFileSync(file, "set_clock_uncertainty -setup 0.9 [get_clocks clk_a]\n");
    process.kill(session.pid!, "SIGKILL");
    await until(() => session.state === "lost");
    expect(await session.recover()).toMatch(/tns max is -\S+ and was -/);
    expect(session.state).toBe("diverged");
    const stream = session.streamReportChecks({ endpoints: 1 })[Symbol.asyncIterator]();
    await expect(stream.next()).rejects.toMatchObject({
      code: "diverged",
      message: expect.stringContaining("tns max") as string,
    });
    await expect(session.writeSdc()).rejects.toMatchObject({ code: "diverged" });
    expect((await session.run("expr 1+1")).result).toBe("2");
  });

  it("and comes back without a change that it had is refused too", async () => {
    const session = await design();
    const file = join(temporaryFolder(), "gone.sdc");
    writeFileSync(file, "set gone 1\n");
    await session.run(`source ${file}; file delete ${file}`);
    process.kill(session.pid!, "SIGKILL");
    await until(() => session.state === "lost");
    expect(await session.recover()).toMatch(/^command 4 .* fails now/);
  });
});

describe.skipIf(notLive !== null)("a tool that gives no answer", () => {
  it("because it is stopped is told from one that works, ended, and built again", async () => {
    const session = await design({ killAfterMs: 200 });
    process.kill(session.pid!, "SIGSTOP");
    await expect(session.run("report_worst_slack", { stuckMs: 400 })).rejects.toMatchObject({ code: "stuck" });
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
  });

  it("because it searches is not taken for stuck, but ends with the time that it may take", async () => {
    const session = await design({ killAfterMs: 200 });
    const seen = beats(session);
    const search = session.run(longSearch, { stuckMs: 700, wallMs: 1500 });
    await expect(search).rejects.toMatchObject({ code: "timed-out" });
    const searching = seen.filter(({ state }) => state === "searching");
    expect(searching.at(-1)!.cpuMs).toBeGreaterThan(100);
    expect(searching.at(-1)!.bytes).toBe(0);
  });

  it("while it searches is ended by an abort, and the session goes on with the same design", async () => {
    const session = await design({ cancelWaitMs: 100, killAfterMs: 200 });
    const { pid } = session;
    const abort = new AbortController();
    const stream = session.streamCommand(longSearch, { signal: abort.signal })[Symbol.asyncIterator]();
    const first = stream.next();
    setTimeout(() => abort.abort(), 300);
    await expect(first).rejects.toMatchObject({ code: "cancelled" });
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
    expect(session.pid).not.toBe(pid);
  });

  it("is ended with the session, whatever it does", async () => {
    const session = await design({ killAfterMs: 200 });
    const { pid } = session;
    const search = session.run(longSearch);
    const waiting = session.run("expr 1+1");
    const both = Promise.allSettled([search, waiting]);
    await wait(100);
    await session.close();
    expect(await both).toMatchObject([{ reason: { code: "closed" } }, { reason: { code: "closed" } }]);
    expect(await processTimes(pid!)).toBeNull();
    expect(session.state).toBe("closed");
    await expect(session.run("expr 1")).rejects.toMatchObject({ code: "closed" });
  });
});
