import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real server of its own in a temporary folder, reached by a unix socket there; null if this machine has no
 * PostgreSQL. As root it runs as the user postgres, since the server refuses root.
 */
export async function startPostgres(): Promise<PostgresServer | null> {
  const bin = postgresBin();
  const user = serverUser();
  if (bin === null || user === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "ckpt-postgres-"));
  if (user.ids) chownSync(folder, user.ids.uid, user.ids.gid);
  const data = join(folder, "data");
  const options = { ...user.ids, cwd: folder };
  const initdb = ["-D", data, "-U", "ckpt", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(bin, "initdb"), initdb, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const arguments_ = [
    "-D",
    data,
    "-k",
    folder,
    "-c",
    "listen_addresses=",
    "-c",
    "max_prepared_transactions=5",
    "-c",
    "fsync=off",
  ];
  const server = spawn(join(bin, "postgres"), arguments_, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  await ready(server);
  return {
    url: `postgres://ckpt@/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      const ended = once(server, "exit");
      // Immediate shutdown: what it held goes with the folder.
      server.kill("SIGQUIT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The newest server on this machine: on the PATH, or where Debian keeps them. */
function postgresBin(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((each) => join(debian, each, "bin")),
  ];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name)))) ?? null;
}

/** Whom the server runs as: null if that cannot be arranged. */
function serverUser(): { readonly ids?: { readonly uid: number; readonly gid: number } } | null {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }));
    return { ids: { uid: id("-u"), gid: id("-g") } };
  } catch {
    return null;
  }
}

async function ready(server: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.once("exit", () => reject(new Error(`the PostgreSQL server ended:\n${log}`)));
    server.stderr!.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-10_000);
      if (log.includes("database system is ready to accept connections")) resolve();
    });
  });
}
