/** A data key as it lies in the database. */
export interface DataKeyRecord {
  id: string;
  masterKeyId: string;
  wrapped: Uint8Array;
}

/** Where wrapped data keys are kept. */
export interface DataKeyStore {
  list(): Promise<DataKeyRecord[]>;
  /** Leaves a record of the same id as it is: the first of several replicas wins. */
  add(record: DataKeyRecord): Promise<void>;
  /** The same key, wrapped by another master key. */
  rewrap(record: DataKeyRecord): Promise<void>;
}
