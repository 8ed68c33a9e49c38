"""The shared core: settings, names, records, journal, snapshots and query engines."""
