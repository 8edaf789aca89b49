using SandQueue.Storage.Tests.Fleet;
using SandQueue.Storage.Tests.Instances;
using SandQueue.Storage.Tests.Journal;
using SandQueue.Storage.Tests.Model;
using SandQueue.Storage.Tests.Openings;
using SandQueue.Storage.Tests.Payloads;
using SandQueue.Storage.Tests.Rollouts;
using SandQueue.Storage.Tests.Tenants;

namespace SandQueue.Storage.Tests.Sqlite;

public sealed class SqliteJournalVerdicts(SqliteStore store) : JournalVerdictContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournalGroups(SqliteStore store) : JournalGroupContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournalOutages(SqliteStore store) : JournalOutageContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournalRaces(SqliteStore store) : JournalRaceContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournalBytes(SqliteStore store) : JournalBytesContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteInstanceDirectory(SqliteStore store) : InstanceDirectoryContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteInstanceClaims(SqliteStore store) : InstanceClaimsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteWorkerDirectory(SqliteStore store) : WorkerDirectoryContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteCommandEnds(SqliteStore store) : CommandEndsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteStalledWorkers(SqliteStore store) : StalledWorkerContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteCheckpoints(SqliteStore store) : EpisodeCheckpointsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteStoredOpenings(SqliteStore store) : StoredOpeningsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteRetention(SqliteStore store) : EpisodeRetentionContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteMigrations(SqliteStore store) : MigrationContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteParking(SqliteStore store) : ParkingContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteUnmadeInstances(SqliteStore store) : UnmadeInstancesContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteEndAnnouncements(SqliteStore store) : EndAnnouncementsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteEpisodeReader(SqliteStore store) : EpisodeReaderContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteEpisodeExports(SqliteStore store) : EpisodeExportsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteEpisodeImports(SqliteStore store) : EpisodeImportsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteInstanceListing(SqliteStore store) : InstanceListingContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournalPages(SqliteStore store) : JournalPagesContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteEpisodeFailures(SqliteStore store) : EpisodeFailuresContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteUpgrades(SqliteStore store) : UpgradeContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteKeys(SqliteStore store) : KeyDirectoryContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteRolloutLedger(SqliteStore store) : RolloutLedgerContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteBatchRetention(SqliteStore store) : BatchRetentionContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteBatchCounts(SqliteStore store) : BatchCountsContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteBatchRetry(SqliteStore store) : BatchRetryContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteBatchEntry(SqliteStore store) : BatchEntryContract(store), IClassFixture<SqliteStore>;

public sealed class SqliteJournaledEpisodes(SqliteStore store) : JournaledEpisodesContract(store), IClassFixture<SqliteStore>;

public sealed class SqlitePackedPayloads(SqliteStore store) : PackedPayloadsContract(store), IClassFixture<SqliteStore>;
