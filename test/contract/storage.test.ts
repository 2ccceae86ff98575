import { describeStorage } from "../support/storage-contract.ts";
import { storageKinds } from "../support/storages.ts";

storageKinds.forEach(describeStorage);
