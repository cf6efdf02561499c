import { type EventStore, StoreError } from "../src/store/event-store.js";
import type { WaitReport } from "../src/store/wait-report.js";
import { ReadModelFile } from "./read-model-file.js";
import type { ReadModelHost } from "./read-model-host.js";
import { ReadModels } from "./read-models.js";
import { sharedTurn } from "./shared-turn.js";

export interface KeptReadModelsOptions {
  readonly store: EventStore;
  /** The file of the read models of the ledger that has this id. */
  readonly fileOf: (ledgerId: string) => string;
  /** The file that the ledger itself lies in, if it lies in one. */
  readonly beside?: string;
  readonly onWait?: ((report: WaitReport) => void) | undefined;
}

/**
 * Read models that follow a log, in a file that the processes of this machine share. An append does not wait for them:
 * whoever asks brings them to the log's end first. The file remembers the last event that it has seen, so a command of
 * one shot reads only what is new. Before the ledger has its first event there is nothing to keep.
 */
export function keptReadModels({ store, fileOf, beside, onWait }: KeptReadModelsOptions): ReadModelHost {
  const empty = new ReadModels();
  empty.prepare();
  let opened: ReadModelFile | null = null;
  let opening: { readonly id: string; readonly file: Promise<ReadModelFile> } | null = null;
  const open = async (id: string): Promise<ReadModelFile> => {
    const file = await ReadModelFile.open(fileOf(id), { onWait, beside });
    try {
      if (!(await file.follows(store))) await file.beginAnew();
      return (opened = file);
    } catch (error) {
      file.close();
      throw error;
    }
  };
  /** Shared by those who come at once: nobody sees the file before it is known to follow this log. */
  const current = async (): Promise<ReadModelFile | null> => {
    const id = await ledgerId(store);
    if (opening && opening.id !== id) throw anotherLedger(opening.id, id);
    if (id === null) return null;
    const own = (opening ??= { id, file: open(id) });
    try {
      return await own.file;
    } catch (error) {
      if (opening === own) opening = null;
      throw error;
    }
  };
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(work: (file: ReadModelFile) => Promise<T>): Promise<T | null> => {
    const next = turn
      .catch(() => undefined)
      .then(async () => {
        const file = await current();
        return file && (await work(file));
      });
    turn = next;
    return await next;
  };
  const readModels = () => opened?.readModels ?? empty;
  return {
    get tables() {
      return readModels().tables;
    },
    ready: async () => void (await current()),
    status: () => readModels().status(),
    parked: () => readModels().parked(),
    refresh: sharedTurn(async () => {
      await (await current())?.catchUp(store);
      readModels().refuseStopped();
    }),
    rebuild: async (onProgress) => void (await inTurn((file) => file.rebuild(store, onProgress))),
    retryParked: async () => (await inTurn((file) => file.retryParked(store))) ?? { applied: 0, parked: 0 },
    close: () => {
      opened?.close();
      if (empty.tables.database.isOpen) empty.tables.database.close();
    },
  };
}

/** The id in the log's first event; null if the log is empty. */
async function ledgerId(store: EventStore): Promise<string | null> {
  for await (const { data } of store.readStream("ledger", { limit: 1 })) {
    const { ledgerId: id } = JSON.parse(data as string) as { ledgerId?: unknown };
    // It becomes the name of a folder.
    if (typeof id === "string" && /^[0-9a-f-]{36}$/.test(id)) return id;
    throw new StoreError(
      "not-a-ledger",
      `the first event of the ledger has no id, but ${JSON.stringify(id)}`,
      "`ckpt verify` says what was changed.",
    );
  }
  return null;
}

function anotherLedger(before: string, now: string | null): StoreError {
  return new StoreError(
    "not-a-ledger",
    now === null
      ? `the ledger ${before} is gone from its server: the log is empty`
      : `the server now holds another ledger: ${now} where ${before} was`,
    "Nothing was written. Start this process again to work with what is there now.",
  );
}
