namespace SandQueue.Workers.Configuration;

/// <summary>How a worker serves one environment.</summary>
internal sealed class EnvironmentOptions
{
    private readonly int? _instancesPerContainer;

    /// <summary>False leaves the environment out.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The folder of its data; empty serves the sample that comes with the program. The environment variable
    /// <c>SANDQUEUE_&lt;NAME&gt;_DATA</c> takes precedence for a server that runs as a child process; a container gets the
    /// folder mounted, read-only, so there it is a path on the engine's machine.
    /// </summary>
    public string? Data { get; init; }

    /// <summary>The image its containers run; empty runs the image of the built-in environments.</summary>
    public string? Image { get; init; }

    /// <summary>
    /// A program of the worker's machine that is its server, with its arguments, for <c>Worker:Runtime</c> <c>process</c>: <c>["python3",
    /// "server.py"]</c>. It is told where to listen by the variables <c>SANDQUEUE_SOCKET</c> and <c>PORT</c>, or by <c>{socket}</c>,
    /// <c>{port}</c> and <c>{environment}</c> in the command, and listens on either.
    /// </summary>
    public List<string> Command { get; init; } = [];

    /// <summary>
    /// What its server is, for people: an image, a program with its script, an address, an assembly, or the built-in server. The other arguments of a
    /// program may be secrets and are not in it.
    /// </summary>
    internal string Runs =>
        Image is { Length: > 0 } image ? image
        : Command.Count > 0 ? string.Join(' ', Command.Take(2).Where((part, index) => index == 0 || (Path.HasExtension(part) && !part.Contains(':', StringComparison.Ordinal) && !part.StartsWith('-'))))
        : Address is { Length: > 0 } address ? address
        : Assembly is { Length: > 0 } assembly ? assembly
        : "the built-in server";

    /// <summary>The folder that <see cref="Command"/> runs in. In a settings file it is relative to the file, whose folder it is where it is empty.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>
    /// A server that runs already, for <c>Worker:Runtime</c> <c>process</c>: <c>http://127.0.0.1:8000</c>, or <c>unix:/path/of.sock</c>. The
    /// worker neither starts nor ends it.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// The assembly of a class library that has the environment, written against <c>SandQueue.Environments.Abstractions</c>, for
    /// <c>Worker:Runtime</c> <c>process</c>: our own environment server loads it. In a settings file it is relative to the file.
    /// </summary>
    public string? Assembly { get; init; }

    /// <summary>The class of <see cref="Assembly"/> that is the environment, with its namespace. Empty: the only one that implements <c>IEnvironment</c>.</summary>
    public string? Class { get; init; }

    /// <summary>What its server speaks: one of <see cref="ProtocolNames"/>.</summary>
    public string Protocol { get; init; } = ProtocolNames.EnvironmentService;

    /// <summary>
    /// The names in <c>params</c> of a Create that its server takes besides those that every environment takes, for a server of the
    /// environment service that refuses none itself. Empty: every name is handed on to it.
    /// </summary>
    public List<string> Parameters { get; init; } = [];

    /// <summary>How messages and tasks become those of an OpenEnv image.</summary>
    public OpenEnvOptions OpenEnv { get; init; } = new();

    /// <summary>What AppWorld's own server needs to be told.</summary>
    public AppWorldOptions AppWorld { get; init; } = new();

    /// <summary>
    /// Whether a recorded episode can be run again with the same outcome: <c>yes</c>, <c>no</c> or <c>unknown</c>, which
    /// counts as no. For servers that do not say it themselves.
    /// </summary>
    public string Replayable { get; init; } = "unknown";

    /// <summary>
    /// Under which form observations are compared when an episode is run again: <c>exact/1</c> or <c>python/1</c>. For
    /// servers that do not say it themselves.
    /// </summary>
    public string CanonicalForm { get; init; } = "exact/1";

    /// <summary>An answer of its server that is larger is a failure.</summary>
    public int MaxAnswerMb { get; init; } = 100;

    internal long MaxAnswerBytes => (long)MaxAnswerMb << 20;

    /// <summary>
    /// The TCP port its server listens on. Empty: it listens on the Unix socket
    /// <c>/run/sandqueue/environment.sock</c>, and its container needs no network for it.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// Arguments of the image's program. Empty: a server on a Unix socket gets
    /// <c>--socket /run/sandqueue/environment.sock --environment &lt;name&gt;</c>, one on TCP the image's own.
    /// </summary>
    public List<string> Arguments { get; init; } = [];

    /// <summary>Environment variables of the container.</summary>
    public Dictionary<string, string> Variables { get; init; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Names of the worker's own environment variables that a server which it starts as a child process gets too. Without it, such a server
    /// gets those that every program needs, like <c>PATH</c> and <c>HOME</c>: any other may hold a secret.
    /// </summary>
    public List<string> InheritedVariables { get; init; } = [];

    /// <summary>Folders and files of the engine's machine that the container sees, always read-only.</summary>
    public List<MountOptions> Mounts { get; init; } = [];

    /// <summary>Instances one container holds. Empty: 10,000 where it speaks the environment service or answers from the journal, else 1.</summary>
    public int InstancesPerContainer
    {
        get => _instancesPerContainer ?? (Protocol is ProtocolNames.EnvironmentService or ProtocolNames.Recorded ? 10_000 : 1);
        init => _instancesPerContainer = value;
    }

    /// <summary>Containers kept running when there is nothing to do.</summary>
    public int MinContainers { get; init; } = 1;

    /// <summary>Containers this worker runs at most for the environment; one more while a recycled one empties.</summary>
    public int MaxContainers { get; init; } = 1;

    /// <summary>A container above the minimum that has held nothing for so long is ended.</summary>
    public TimeSpan ShrinkAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a container may take until it answers its health check.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a step, an evaluation or a get_info may take. A step that takes longer is tried once more on a fresh
    /// instance alone in its container; if it takes too long there too, it is the agent's doing.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the environment is young: where it ends or hangs on an action, twice and alone, that is shown as its own
    /// failure, without a reward, and what it prints is logged at once. Of others that is the agent's doing. Empty: one that has a
    /// <see cref="Command"/>, an <see cref="Address"/> or an <see cref="Assembly"/> is young until a replay of an episode has proven it.
    /// </summary>
    public bool? Young { get; init; }

    /// <summary>Whether the environment is young before anything was replayed.</summary>
    internal bool StartsYoung => Young ?? (Command.Count > 0 || Address is { Length: > 0 } || Assembly is { Length: > 0 });

    /// <summary>
    /// Steps between two checkpoints of an instance, from which a rebuild goes on instead of the first step; 0 makes none.
    /// For the protocol <c>appworld</c>, on the runtime <c>docker</c>.
    /// </summary>
    public int CheckpointEvery { get; init; }

    /// <summary>
    /// Slots that no new instance gets, reserved for those that are rebuilt from the journal after a container or another
    /// worker has died; a tenth of all where it is not set.
    /// </summary>
    public int? ReservedForRecovery { get; init; }

    /// <summary><see cref="ReservedForRecovery"/>, or what stands for it.</summary>
    internal int SlotsForRecovery => ReservedForRecovery ?? (int)Math.Min(int.MaxValue, (long)MaxContainers * InstancesPerContainer / 10);

    /// <summary>How often the pool looks after its containers: health, age, memory, number.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A container that answers no health check for so long is ended and replaced.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When a container is replaced by a fresh one, once its instances have left.</summary>
    public RecyclingOptions Recycling { get; init; } = new();

    /// <summary>Memory of a container; the kernel ends what asks for more.</summary>
    public int MemoryMb { get; init; } = 1024;

    /// <summary>Processors of a container.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>Processes and threads of a container.</summary>
    public int Pids { get; init; } = 256;

    /// <summary>Size of <c>/dev/shm</c>, which counts as memory.</summary>
    public int ShmMb { get; init; } = 64;

    /// <summary>Size of <c>/tmp</c>, which counts as memory.</summary>
    public int TmpMb { get; init; } = 64;

    /// <summary>What a container can reach.</summary>
    public NetworkPolicy Network { get; init; } = NetworkPolicy.Closed;

    /// <summary>What a foreign image may that a container otherwise may not.</summary>
    public RelaxationOptions Relaxations { get; init; } = new();
}
