namespace SandQueue.Architecture.Tests;

/// <summary>
/// Who may use whom in <c>src</c>: the projects, and the folders inside of each. Rows go from ground to roof, and a row names only rows above it,
/// so that no circle can be allowed. A row counts for a folder with its subfolders, whose own arrows are free as long as they close no circle;
/// the row with a project's own name counts for the files in its root. <c>all above</c> stands for every row above. <c>docs/architecture.md</c> shows the same tables.
/// </summary>
internal static class AllowedArrows
{
    /// <summary>The folders of Workers that the gateway may use: what hosts a worker, and the command that measures an environment.</summary>
    public static readonly IReadOnlyList<string> WorkersForGateway = ["Workers.Hosting", "Workers.Determinism"];

    public static readonly Table Projects = new("""
        | project | may use |
        |---|---|
        | Contracts | nothing |
        | Environments.Abstractions | nothing |
        | Frames | nothing |
        | Environments | Environments.Abstractions, Frames |
        | Telemetry | Contracts |
        | Storage | Contracts, Telemetry |
        | Transport | Contracts |
        | Hosting | Contracts, Telemetry, Storage, Transport |
        | Routing | Contracts, Telemetry, Storage, Transport |
        | Rollouts | Contracts, Environments.Abstractions, Telemetry, Storage, Transport, Hosting, Routing |
        | Workers | Contracts, Environments.Abstractions, Frames, Telemetry, Storage, Transport, Hosting, Routing, Rollouts |
        | Dashboard | Contracts |
        | Gateway | Contracts, Telemetry, Storage, Transport, Hosting, Routing, Rollouts, Workers, Dashboard |
        | Client | nothing |
        | Cli | Client |
        """);

    public static readonly IReadOnlyDictionary<string, Table> Folders = new Dictionary<string, Table>
    {
        ["Contracts"] = new("""
            | folder of Contracts | may use |
            |---|---|
            | Contracts | nothing |
            """),
        ["Environments.Abstractions"] = new("""
            | folder of Environments.Abstractions | may use |
            |---|---|
            | Json | nothing |
            | Episodes | Json |
            | Messages | Episodes, Json |
            """),
        ["Frames"] = new("""
            | folder of Frames | may use |
            |---|---|
            | Frames | nothing |
            """),
        ["Environments"] = new("""
            | folder of Environments | may use |
            |---|---|
            | Json | nothing |
            | Python | Json |
            | Episodes | nothing |
            | Loading | nothing |
            | Bfcl | Json, Python |
            | Countdown | nothing |
            | Faulty | nothing |
            | FrozenLake | nothing |
            | WebShop | Python |
            | Serving | all above |
            | Environments | Serving |
            """),
        ["Telemetry"] = new("""
            | folder of Telemetry | may use |
            |---|---|
            | Telemetry | nothing |
            | Measures | Telemetry |
            | Traces | Telemetry |
            """),
        ["Storage"] = new("""
            | folder of Storage | may use |
            |---|---|
            | Payloads | nothing |
            | Model | Payloads |
            | FaultInjection | nothing |
            | Connections | Model |
            | Fleet | Connections, Model |
            | Tenants | Connections, Model |
            | Instances | Connections, FaultInjection, Model |
            | Openings | Model |
            | Journal | Openings, Instances, Connections, FaultInjection, Model, Payloads |
            | Rollouts | Connections, Model |
            | Postgres | Journal, Openings, Instances, Connections, FaultInjection, Model |
            | Sqlite | Journal, Openings, Instances, Connections, FaultInjection, Model |
            | Storage | all above |
            """),
        ["Transport"] = new("""
            | folder of Transport | may use |
            |---|---|
            | Brokers | nothing |
            | Bodies | nothing |
            | Memory | Bodies, Brokers |
            | RabbitMq | Bodies, Brokers |
            | Receiving | nothing |
            | Sending | Bodies, Brokers, Receiving |
            | Health | Brokers, Sending |
            | Endpoints | Brokers, Health, Receiving, Sending |
            | Transport | all above |
            """),
        ["Hosting"] = new("""
            | folder of Hosting | may use |
            |---|---|
            | Startup | nothing |
            | Settings | Startup |
            | Farm | Startup, Settings |
            | Logging | nothing |
            | Memory | nothing |
            | Admin | Startup |
            | Telemetry | Admin |
            """),
        ["Routing"] = new("""
            | folder of Routing | may use |
            |---|---|
            | Outcomes | nothing |
            | Fleet | nothing |
            | Sending | nothing |
            | Limits | Outcomes |
            | Observation | Fleet, Outcomes |
            | Routing | all above |
            """),
        ["Rollouts"] = new("""
            | folder of Rollouts | may use |
            |---|---|
            | Results | nothing |
            | Statistics | nothing |
            | Reports | Results, Statistics |
            | Settings | nothing |
            | Requests | nothing |
            | Endpoints | Settings |
            | Policies | Endpoints, Requests |
            | Solutions | Policies |
            | Episodes | nothing |
            | Play | Policies, Endpoints, Requests, Results, Settings |
            | Batches | Reports, Play, Policies, Endpoints, Requests, Results, Settings |
            | Validation | Batches, Policies |
            | Hosting | all above |
            """),
        ["Workers"] = new("""
            | folder of Workers | may use |
            |---|---|
            | Configuration | nothing |
            | Leases | nothing |
            | Abstractions | Configuration |
            | Answers | Abstractions |
            | Protocols | Abstractions, Answers, Configuration |
            | Runtimes | Abstractions, Configuration, Leases |
            | Pools | Abstractions, Answers, Configuration |
            | Replay | Abstractions, Answers |
            | Instances | Pools, Abstractions, Answers, Leases |
            | Recovery | Replay, Instances, Pools, Abstractions, Answers, Configuration, Leases |
            | Replies | Leases |
            | Commands | Replies, Recovery, Instances, Pools, Abstractions, Answers, Configuration, Leases |
            | Draining | Instances, Pools, Configuration, Leases |
            | Sweep | Commands, Instances, Pools, Abstractions, Configuration, Leases |
            | Serving | Commands, Instances, Pools, Abstractions, Leases |
            | Fleet | Serving, Instances, Pools, Configuration, Leases |
            | Settings | Protocols, Abstractions, Answers, Configuration |
            | Hosting | all above |
            | Determinism | Hosting, Replay, Pools, Abstractions, Answers, Configuration |
            | Workers | Hosting |
            """),
        ["Dashboard"] = new("""
            | folder of Dashboard | may use |
            |---|---|
            | Calls | nothing |
            | Text | nothing |
            | Pages | Calls, Text |
            | Shell | Calls, Text |
            | Overview | Pages, Calls, Text |
            | Rollouts | Pages, Calls, Text |
            | Episodes | Rollouts, Pages, Calls, Text |
            | Batches | Rollouts, Pages, Calls, Text |
            | Play | Episodes, Pages, Calls, Text |
            | Keys | Pages, Calls, Text |
            | Dashboard | all above |
            """),
        ["Gateway"] = new("""
            | folder of Gateway | may use |
            |---|---|
            | Settings | nothing |
            | Http | Settings |
            | Security | Http |
            | Health | Http |
            | Commands | Http |
            | Tools | Http |
            | Catalogue | Tools, Http, Settings |
            | AgentScope | Commands, Http, Security, Settings |
            | RestV1 | Commands, Http, Security, Settings |
            | Mcp | Tools, Commands, Http, Security, Settings |
            | Amqp | Http, Security, Settings |
            | OpenEnv | Catalogue, Tools, Commands, Http, Security, Settings |
            | Ors | Catalogue, Tools, Commands, Http, Security, Settings |
            | Administration | Http, Security |
            | DashboardDoor | RestV1, Http, Security |
            | Scaling | Http |
            | Hosting | all above |
            | Gateway | Hosting |
            """),
        ["Client"] = new("""
            | folder of Client | may use |
            |---|---|
            | Commands | nothing |
            | Resending | Commands |
            | Http | Commands |
            | Amqp | Commands, Resending |
            | Client | all above |
            """),
        ["Cli"] = new("""
            | folder of Cli | may use |
            |---|---|
            | Wording | nothing |
            | Gateways | Wording |
            | Screens | Wording |
            | Calls | Gateways, Screens |
            | Policies | Calls, Gateways |
            | Transfers | Calls, Gateways, Screens, Wording |
            | Environments | Calls, Gateways, Screens, Wording |
            | Episodes | Calls, Gateways, Screens, Wording |
            | Batches | Transfers, Policies, Calls, Gateways, Screens, Wording |
            | Rollouts | Batches, Policies, Calls, Gateways, Screens, Wording |
            | Validation | Calls, Gateways, Screens, Wording |
            | Administration | Calls, Gateways, Screens, Wording |
            | Diagnosis | Calls, Gateways, Screens, Wording |
            | Completion | Calls, Gateways, Screens |
            | Cli | all above |
            """),
    };
}
