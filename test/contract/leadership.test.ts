import { describeLeadership } from "../support/leadership-contract.ts";
import { storageKinds } from "../support/storages.ts";

storageKinds.forEach(describeLeadership);
