package dev.stave.storage;

class MemoryStorageTest extends StorageContract {

  @Override
  Storage open() {
    return new MemoryStorage();
  }
}
