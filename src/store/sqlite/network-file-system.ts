import { statfsSync } from "node:fs";
import { StoreError } from "../event-store.js";

/** Magic numbers of statfs(2) whose locks or shared memory do not hold between hosts: NFS, SMB, CIFS, AFS, Ceph, Lustre, 9p. */
const networkFileSystems = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
]);

/** @throws StoreError if the folder is where several hosts may look: a write-ahead log needs one. */
export function refuseNetworkFileSystem(folder: string, cure: string): void {
  const kind = networkFileSystems.get(statfsSync(folder).type);
  if (kind)
    throw new StoreError(
      "store-unavailable",
      `${folder} is on a network file system (${kind}), where several hosts cannot share a write-ahead log`,
      cure,
    );
}
