using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SandQueue.Client.Commands;
using SandQueue.Client.Resending;

namespace SandQueue.Client;

/// <summary>
/// Plays environments of SandQueue, over HTTP or over RabbitMQ. One client serves a whole program, from as many threads as it likes. Every command is sent again under its own id until it
/// has an end, or its time (<see cref="SandQueueClientOptions.Deadline"/>) is over: after a broken connection, where there is no room or a limit (with the pause that SandQueue asks for),
/// and where its end is unknown. However often it is sent, it takes effect once.
/// </summary>
public abstract class SandQueueClient : IAsyncDisposable
{
    /// <summary>What a Create that its caller gave up, and a release that nobody waits for, may take.</summary>
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(10);

    private readonly ITransport _transport;
    private readonly Resend _resend;
    private readonly AbandonedCreates _abandoned;
    private volatile bool _isDisposed;

    private protected SandQueueClient(ITransport transport, SandQueueClientOptions? options)
    {
        (_transport, Options) = (transport, options ?? new SandQueueClientOptions());
        Options.Check();
        _resend = new Resend(transport, NewBackoff(), Options.AttemptTimeout, Options.TimeProvider);
        _abandoned = new AbandonedCreates(ReleaseQuietlyAsync, TellQuietly, QuietLimit, Options.TimeProvider);
    }

    private protected SandQueueClientOptions Options { get; }

    /// <summary>A client of a gateway.</summary>
    /// <param name="gateway">Its address, as <c>http://localhost:8080</c>.</param>
    /// <param name="apiKey">An API key, where the gateway has keys.</param>
    /// <param name="options">How it waits and sends again.</param>
    public static SandQueueHttpClient OverHttp(Uri gateway, string? apiKey = null, SandQueueClientOptions? options = null)
    {
        Require(gateway, nameof(gateway), "http", "https");
        return new SandQueueHttpClient(gateway, apiKey, options);
    }

    /// <summary>A client of a farm's broker. It needs the broker alone, and connects with the first command.</summary>
    /// <param name="broker"><c>amqp://user:password@host:5672/virtualhost</c>, or <c>amqps</c> for TLS.</param>
    /// <param name="apiKey">An API key, where the gateways have keys and do not know the broker's user.</param>
    /// <param name="options">How it waits and sends again.</param>
    public static SandQueueRabbitMqClient OverRabbitMq(Uri broker, string? apiKey = null, SandQueueClientOptions? options = null)
    {
        Require(broker, nameof(broker), "amqp", "amqps");
        return new SandQueueRabbitMqClient(broker, apiKey, options);
    }

    /// <summary>Lists the task ids of an environment, in the order of its data, page by page where there are pages.</summary>
    /// <param name="envType">The environment, as <c>frozenlake</c>.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="search">Only ids that contain this, in whatever case.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="SandQueueException">There is no such environment or split, or nobody answered.</exception>
    public async IAsyncEnumerable<string> ListTasksAsync(string envType, string split = "train", string? search = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(envType);
        ArgumentException.ThrowIfNullOrEmpty(split);
        for (var list = new ListTasks(envType, split) { Search = search }; ;)
        {
            var (tasks, next) = Answers.Tasks(await SendAsync(list, deadline: null, cancellationToken), list);
            foreach (var task in tasks) yield return task;
            if (next is null) yield break;
            list = list with { Cursor = next };
        }
    }

    /// <summary>Makes an instance of a task. It waits for a free slot as long as its deadline allows.</summary>
    /// <param name="envType">The environment, as <c>frozenlake</c>.</param>
    /// <param name="taskId">One of its task ids.</param>
    /// <param name="options">Its name, id, time and parameters.</param>
    /// <param name="cancellationToken">
    /// Ends the wait at once. If the Create completes all the same, the client releases its instance, until it is disposed. Under a <see cref="CommandOptions.CommandId"/> of yours it does not:
    /// the instance is for whoever sends the same Create again. <see cref="SandQueueClientOptions.ReleaseFailed"/> is told of what is not released.
    /// </param>
    /// <returns>The instance; dispose it to release it.</returns>
    /// <exception cref="SandQueueException">It did not complete.</exception>
    public async Task<EnvironmentInstance> CreateAsync(string envType, string taskId, CreateOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(envType);
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        var deadline = Durations.Checked(options?.Deadline ?? Options.Deadline);
        var create = new Create(envType, taskId) { Id = IdOf(options), Params = ParamsOf(options) };
        create = create with { InstanceId = options?.InstanceId ?? create.Id };

        // Its caller may give it up while it is under way; then somebody has to see to what comes of it.
        var sending = _resend.SendAsync(create, deadline, cancellationToken, _abandoned.Over);
        Reply reply;
        try
        {
            reply = await sending.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _abandoned.Add(sending, create, hasOwnId: options?.CommandId is null);
            throw;
        }
        catch (OperationCanceledException) when (_abandoned.Over.IsCancellationRequested)
        {
            // It may have been made, and nobody will hold it.
            _abandoned.Add(sending, create, hasOwnId: options?.CommandId is null);
            throw new ObjectDisposedException(GetType().FullName);
        }

        return Answers.Opening(AnswerOf(reply, create), create.Id!, create.InstanceId!, this);
    }

    /// <summary>Takes up an instance that lives already, as after a restart of your program. Nothing is sent.</summary>
    /// <param name="instanceId">Its name.</param>
    /// <returns>The instance; dispose it to release it.</returns>
    public EnvironmentInstance Attach(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new EnvironmentInstance(this, instanceId);
    }

    /// <summary>Takes steps of different instances side by side. Each has an end of its own: one that fails holds up no other, and throws nothing.</summary>
    /// <param name="steps">At most one for each instance, and as many as you like.</param>
    /// <param name="deadline">How long they may take, with all that is sent again; without it <see cref="SandQueueClientOptions.Deadline"/>.</param>
    /// <param name="cancellationToken">Ends the wait at once; the steps go on.</param>
    /// <returns>How each ended, in their order.</returns>
    /// <exception cref="ArgumentException">Two steps are of one instance, or have one id.</exception>
    public async Task<IReadOnlyList<StepResult>> StepAsync(IReadOnlyList<StepRequest> steps, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ThrowIfDisposed();
        List<Step> commands = [.. steps.Select(StepOf)];
        RequireDifferent(commands, step => step.InstanceId!, "are of instance");
        RequireDifferent(commands, step => step.Id!, "have the id");
        var replies = await _resend.StepManyAsync(commands, Durations.Checked(deadline ?? Options.Deadline, nameof(deadline)), cancellationToken);
        return [.. commands.Zip(replies, ResultOf)];
    }

    /// <summary>
    /// Ends the connections. Instances live on, unless they were disposed; what is under way goes on without its caller, whose call throws <see cref="ObjectDisposedException"/>.
    /// </summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        await _abandoned.DisposeAsync();
        _isDisposed = true;
        await _transport.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal static string IdOf(CommandOptions? options) => options?.CommandId ?? NewId();

    internal static ReadOnlyMemory<byte> ParamsOf(CommandOptions? options) => options?.Params is { } parameters ? Encoding.UTF8.GetBytes(parameters.ToJsonString()) : default;

    /// <summary>Sends a command until it has an end.</summary>
    /// <exception cref="SandQueueException">It did not complete.</exception>
    internal async Task<JsonElement> SendAsync(Command command, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return AnswerOf(await _resend.SendAsync(command, Durations.Checked(deadline ?? Options.Deadline, nameof(deadline)), cancellationToken), command);
    }

    /// <summary>Releases an instance that nobody waits for. It throws nothing.</summary>
    internal async Task ReleaseQuietlyAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var release = new Release { Id = NewId(), InstanceId = instanceId };
        Refusal? refusal;
        try
        {
            refusal = _isDisposed ? Refusal.Unreachable("the client was disposed before the instance") : (await _resend.SendAsync(release, QuietLimit, cancellationToken)).Refusal;
        }
        catch (Exception exception)
        {
            refusal = Refusal.Unknown(exception is OperationCanceledException or ObjectDisposedException ? "the client was disposed before the release had an end" : exception.Message);
        }

        if (refusal is { Code: not (Codes.Released or Codes.UnknownInstance or ErrorCodes.Lost or ErrorCodes.Diverged) }) TellQuietly(new SandQueueException(refusal, release.Id, instanceId));
    }

    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private protected static Step StepOf(StepRequest step)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentException.ThrowIfNullOrEmpty(step.InstanceId);
        return new Step(step.Action.Json)
        {
            Id = step.CommandId ?? NewId(),
            InstanceId = step.InstanceId,
            Number = step.Number,
            Params = step.Params is { } parameters ? Encoding.UTF8.GetBytes(parameters.ToJsonString()) : default,
        };
    }

    /// <summary>It runs where nobody could catch what the caller's own code throws, as at the end of <c>await using</c>.</summary>
    private void TellQuietly(SandQueueException failure)
    {
        try
        {
            Options.ReleaseFailed?.Invoke(failure);
        }
        catch (Exception)
        {
            // As its documentation says.
        }
    }

    private static JsonElement AnswerOf(Reply reply, Command command) =>
        reply.Refusal is { } refusal ? throw new SandQueueException(refusal, command.Id, command.InstanceId) : reply.Answer;

    private protected static Backoff NewBackoff() => new(Random.Shared.NextDouble);

    /// <summary>Ids in the order of time keep the journal's index together.</summary>
    private static string NewId() => Guid.CreateVersion7().ToString("n");

    private static StepResult ResultOf(Step step, Reply reply)
    {
        try
        {
            return new StepResult(step.InstanceId!, step.Id!, Answers.Step(AnswerOf(reply, step), step.Id!, step.InstanceId), null);
        }
        catch (SandQueueException exception)
        {
            return new StepResult(step.InstanceId!, step.Id!, null, exception);
        }
    }

    private static void RequireDifferent(List<Step> steps, Func<Step, string> name, string what)
    {
        if (steps.GroupBy(name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var key }) throw new ArgumentException($"two steps {what} '{key}'; steps of one call run side by side", nameof(steps));
    }

    private static void Require(Uri address, string name, params string[] schemes)
    {
        ArgumentNullException.ThrowIfNull(address, name);
        if (!address.IsAbsoluteUri || !schemes.Contains(address.Scheme)) throw new ArgumentException($"the address begins with {string.Join(":// or ", schemes)}://", name);
    }
}
