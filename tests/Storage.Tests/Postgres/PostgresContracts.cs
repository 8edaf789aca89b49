using SandQueue.Storage.Tests.Fleet;
using SandQueue.Storage.Tests.Instances;
using SandQueue.Storage.Tests.Journal;
using SandQueue.Storage.Tests.Model;
using SandQueue.Storage.Tests.Openings;
using SandQueue.Storage.Tests.Payloads;
using SandQueue.Storage.Tests.Rollouts;
using SandQueue.Storage.Tests.Tenants;
using SandQueue.Storage.Tests.Postgres;
using SandQueue.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace SandQueue.Storage.Tests.Postgres;

public sealed class PostgresJournalVerdicts(PostgresStore store) : JournalVerdictContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournalGroups(PostgresStore store) : JournalGroupContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournalOutages(PostgresStore store) : JournalOutageContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournalRaces(PostgresStore store) : JournalRaceContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournalBytes(PostgresStore store) : JournalBytesContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresInstanceDirectory(PostgresStore store) : InstanceDirectoryContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresInstanceClaims(PostgresStore store) : InstanceClaimsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresWorkerDirectory(PostgresStore store) : WorkerDirectoryContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresCommandEnds(PostgresStore store) : CommandEndsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresStalledWorkers(PostgresStore store) : StalledWorkerContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresCheckpoints(PostgresStore store) : EpisodeCheckpointsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresStoredOpenings(PostgresStore store) : StoredOpeningsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresRetention(PostgresStore store) : EpisodeRetentionContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresParking(PostgresStore store) : ParkingContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresUnmadeInstances(PostgresStore store) : UnmadeInstancesContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresEndAnnouncements(PostgresStore store) : EndAnnouncementsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresEpisodeReader(PostgresStore store) : EpisodeReaderContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresEpisodeExports(PostgresStore store) : EpisodeExportsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresEpisodeImports(PostgresStore store) : EpisodeImportsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresInstanceListing(PostgresStore store) : InstanceListingContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournalPages(PostgresStore store) : JournalPagesContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresEpisodeFailures(PostgresStore store) : EpisodeFailuresContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresUpgrades(PostgresStore store) : UpgradeContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresKeys(PostgresStore store) : KeyDirectoryContract(store), IClassFixture<PostgresStore>;

public sealed class PostgresRolloutLedger(PostgresStore store) : RolloutLedgerContract(store), IClassFixture<PostgresStore>;

public sealed class PostgresBatchRetention(PostgresStore store) : BatchRetentionContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresBatchCounts(PostgresStore store) : BatchCountsContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresBatchRetry(PostgresStore store) : BatchRetryContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresBatchEntry(PostgresStore store) : BatchEntryContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresJournaledEpisodes(PostgresStore store) : JournaledEpisodesContract(store.OrSkip()), IClassFixture<PostgresStore>;

public sealed class PostgresPackedPayloads(PostgresStore store) : PackedPayloadsContract(store.OrSkip()), IClassFixture<PostgresStore>;
