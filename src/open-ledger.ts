import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { followingReadModels, type ReadModelHost } from "../projections/read-model-host.js";
import { keptReadModels } from "../projections/kept-read-models.js";
import { Cache } from "./cache/cache.js";
import type { CacheStore } from "./cache/cache-store.js";
import { DiskCacheStore } from "./cache/disk-cache-store.js";
import { MemoryCacheStore } from "./cache/memory-cache-store.js";
import { appendChained, newStream } from "./ledger/chained-append.js";
import { newCommandKey } from "./ledger/command-key.js";
import type { Ledger } from "./ledger/ledger.js";
import type { CompetingConsumers } from "./store/competing-consumers.js";
import { type EventStore, StoreError } from "./store/event-store.js";
import { openEventStoreDb } from "./store/eventstoredb/eventstoredb-event-store.js";
import { MemoryEventStore } from "./store/memory/memory-event-store.js";
import { openPostgresEventStore } from "./store/postgres/postgres-event-store.js";
import { shownUrl } from "./store/shown-url.js";
import { openSqliteEventStore } from "./store/sqlite/sqlite-event-store.js";
import { ledgerFolder } from "./system/ledger-folder.js";

export interface LedgerOptions {
  /** Whether to make the ledger if it is not there; default true. */
  readonly create?: boolean;
  /** Open it even if its first event cannot be read: for `verify`, which has to name it. */
  readonly inspect?: boolean;
  /** Who is at work; default: the user of this process. */
  readonly actor?: string;
  /**
   * Bytes that the cache may take: files in the folder `cache` under CKPT_DIR, else beside the ledger's own; of a ledger
   * in memory that much memory; 0 turns it off. Default: CKPT_CACHE_BYTES, else 4 GiB, in memory 256 MiB.
   */
  readonly cacheBytesMax?: number;
  /**
   * Whether the cache is to keep the model of each long stage, of some 200 MB for 333,000 cells: the next capture takes no
   * time for the stages before it then. Default: whether CKPT_DIR names a folder for what can be made again.
   */
  readonly keepsModels?: boolean;
  /**
   * Where this machine keeps the read models of a ledger on a server, in `<ledger id>/`, and its cache. Default:
   * CKPT_DIR, else `.ckpt`.
   */
  readonly folder?: string;
  /** The clock; default: the system's. */
  readonly now?: () => Date;
  /** Told every second that a write waits for another process. */
  readonly onWait?: (report: { readonly waitedMs: number; readonly what: string }) => void;
}

const diskCacheBytesMax = 4 * 1024 ** 3;
const memoryCacheBytesMax = 256 * 1024 ** 2;

/** Format of the events and of what is hashed; an older client refuses a newer one. */
const formatVersion = 1;

/**
 * Opens the ledger that a URL names: `sqlite:PATH` (a path alone means the same), `memory:`, or
 * `postgres://USER@HOST/DATABASE?ledger=NAME` or `esdb://[USER:PASSWORD@]HOST:2113?ledger=NAME` (`esdb+discover://` for
 * a cluster) on a server, where several ledgers lie beside one another; the default is `ckpt`.
 * @throws StoreError with a cure, if there is none or it cannot be used.
 * @example const ledger = await openLedger("sqlite:.ckpt/ledger.db");
 */
export async function openLedger(url: string, options: LedgerOptions = {}): Promise<Ledger> {
  const { store, readModels, cache } = await openEngine(url, options);
  const ledger: Ledger = {
    store,
    groups: store,
    readModels,
    cache: new Cache(cache),
    keepsModels: options.keepsModels ?? Boolean(process.env["CKPT_DIR"]),
    actor: options.actor ?? currentUser(),
    now: options.now ?? (() => new Date()),
    close: async () => {
      await store.close();
      readModels.close();
    },
  };
  try {
    if (!options.inspect) await beginLedger(ledger, options.create ?? true);
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

interface Engine {
  readonly store: EventStore & CompetingConsumers;
  readonly readModels: ReadModelHost;
  readonly cache: CacheStore;
}

async function openEngine(url: string, options: LedgerOptions): Promise<Engine> {
  const [, scheme, rest] = /^([a-z+]+):(.*)$/s.exec(url) ?? [null, "sqlite", url];
  switch (scheme) {
    case "memory": {
      const store = new MemoryEventStore();
      const cache = new MemoryCacheStore(cacheBytesMax(options) ?? memoryCacheBytesMax);
      return { store, readModels: followingReadModels(store), cache };
    }
    case "sqlite": {
      const path = rest.replace(/^\/\/(?=\/)/, "");
      const store = await openSqliteEventStore({
        path,
        create: options.create ?? true,
        ...(options.onWait ? { onWait: options.onWait } : {}),
      });
      const cache = new DiskCacheStore(
        join(options.folder ?? (process.env["CKPT_DIR"] || dirname(path)), "cache"),
        cacheBytesMax(options) ?? diskCacheBytesMax,
      );
      return {
        store,
        readModels: keptReadModels({
          store,
          fileOf: () => `${path}-read-models`,
          beside: path,
          onWait: options.onWait,
        }),
        cache,
      };
    }
    case "postgres":
    case "postgresql": {
      const { onWait } = options;
      const store = await openPostgresEventStore({
        url,
        create: options.create ?? true,
        ...(onWait ? { onWait } : {}),
      });
      return { store, ...keptHere(store, options) };
    }
    case "esdb":
    case "esdb+discover": {
      const store = await openEventStoreDb({ url, create: options.create ?? true });
      return { store, ...keptHere(store, options) };
    }
    default:
      throw new StoreError(
        "store-unavailable",
        `no engine is known for ${shownUrl(url)}`,
        "Use sqlite:PATH, memory:, postgres://HOST/DATABASE?ledger=NAME or esdb://HOST:2113?ledger=NAME.",
      );
  }
}

/** What this machine keeps of a ledger on a server. */
function keptHere(store: EventStore, options: LedgerOptions): Omit<Engine, "store"> {
  const folder = options.folder ?? ledgerFolder();
  const cache = new DiskCacheStore(join(folder, "cache"), cacheBytesMax(options) ?? diskCacheBytesMax);
  const fileOf = (ledgerId: string) => join(folder, ledgerId, "read-models.db");
  return { readModels: keptReadModels({ store, fileOf, onWait: options.onWait }), cache };
}

/** What the options or the environment say. */
function cacheBytesMax(options: LedgerOptions): number | undefined {
  const text = process.env["CKPT_CACHE_BYTES"];
  if (options.cacheBytesMax !== undefined || !text) return options.cacheBytesMax;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new StoreError(
    "store-unavailable",
    `CKPT_CACHE_BYTES is "${text}"`,
    "It is a number of bytes, such as 4294967296; 0 turns the cache off.",
  );
}

/** The first event of all; of several processes that begin at once, one wins and the others read it. */
async function beginLedger(ledger: Ledger, create: boolean): Promise<void> {
  for await (const event of ledger.store.readStream("ledger", { limit: 1 })) {
    const { formatVersion: found } = JSON.parse(event.data as string) as { formatVersion: number };
    if (found > formatVersion)
      throw new StoreError(
        "not-a-ledger",
        `this ledger has format ${found}, this ckpt reads ${formatVersion}`,
        "Use a newer ckpt.",
      );
    return;
  }
  if (!create) return;
  const key = newCommandKey(ledger.now());
  const data = { ledgerId: newCommandKey(ledger.now()), formatVersion };
  await appendChained(ledger, {
    stream: "ledger",
    tail: newStream,
    events: [{ type: "LedgerCreated", data }],
    actor: ledger.actor,
    key,
    step: "create",
  });
}

function currentUser(): string {
  try {
    return userInfo().username || "unknown";
  } catch {
    return "unknown";
  }
}
