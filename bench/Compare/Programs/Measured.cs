namespace SandQueue.Bench.Compare.Programs;

/// <summary>Whose processor time belongs to a path, besides that of the load client, which is this process.</summary>
/// <param name="Programs">Processes by what they are called in the table. What they started are environment servers.</param>
/// <param name="Broker">Whether RabbitMQ is in it: the one that this run started.</param>
/// <param name="Database">Whether PostgreSQL is, likewise.</param>
internal sealed record Measured(IReadOnlyDictionary<string, int> Programs, bool Broker = false, bool Database = false)
{
    public const string Load = "load";
    public const string Environment = "environment";
    public const string RabbitMq = "rabbitmq";
    public const string Postgres = "postgres";

    /// <summary>Milliseconds that each part has used so far.</summary>
    /// <param name="processes">All processes of the machine.</param>
    /// <param name="self">The number of the load client's, which started all the others.</param>
    public IReadOnlyDictionary<string, double> Used(IReadOnlyList<ProcessStat> processes, int self)
    {
        var children = processes.ToLookup(process => process.Parent);
        var used = new Dictionary<string, double>(StringComparer.Ordinal);
        Add(Load, processes.Where(process => process.Id == self));
        foreach (var (name, id) in Programs)
        {
            Add(name, processes.Where(process => process.Id == id));
            if (Below(id, children).ToList() is { Count: > 0 } servers) Add(Environment, servers);
        }

        var started = Below(self, children).ToList();
        if (Broker) Add(RabbitMq, started.Where(process => process.Name == "beam.smp"));
        if (Database) Add(Postgres, started.Where(process => process.Name == "postgres"));
        return used;

        void Add(string part, IEnumerable<ProcessStat> of) => used[part] = used.GetValueOrDefault(part) + (of.Sum(process => process.Ticks) * ProcessStat.MillisecondsPerTick);
    }

    private static IEnumerable<ProcessStat> Below(int parent, ILookup<int, ProcessStat> children) => children[parent].SelectMany(child => Below(child.Id, children).Prepend(child));
}
