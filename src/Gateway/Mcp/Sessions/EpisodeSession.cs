using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol.Protocol;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>
/// A session of an MCP client, and the task that it plays. The task is only remembered here: what the database has of it is under
/// <see cref="Name"/>, so that every gateway can go on with a session.
/// </summary>
/// <param name="tenant">Whose it is.</param>
/// <param name="id">Its id, as the header <c>Mcp-Session-Id</c> has it.</param>
internal sealed class EpisodeSession(string tenant, string id) : IDisposable
{
    private readonly Lock _lock = new();
    private OpenTask? _task;

    public string Tenant => tenant;

    /// <summary>What its instances and commands are named after: made of its id, and no way back to it.</summary>
    public string Name { get; } = $"mcp-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}";

    /// <summary>One task is opened or released at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The task it plays; null where it plays none, or none that this gateway knows of.</summary>
    public OpenTask? Task
    {
        get { lock (_lock) return _task; }
        set { lock (_lock) _task = value; }
    }

    /// <summary>Whether an instance was named by this session, and so ends with it; one that its caller named stays.</summary>
    public bool Named(string instance) => instance.StartsWith(Name, StringComparison.Ordinal);

    /// <summary>
    /// The id of the command that a request stands for. In a session no request has the id of another (MCP), so one that comes twice was sent again: it
    /// takes effect once, at whatever gateway.
    /// </summary>
    public string CommandId(RequestId request) => request.Id switch
    {
        long number => string.Create(CultureInfo.InvariantCulture, $"{Name}-{number}"),
        string text => $"{Name}-s{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}",
        _ => throw new ArgumentException("a request has an id", nameof(request)),
    };

    /// <summary>Takes in what the database said, unless another request has taken in something newer meanwhile.</summary>
    /// <param name="known">What the session played when the database was asked.</param>
    /// <param name="found">What it plays according to the database.</param>
    /// <returns>What it plays now.</returns>
    public OpenTask? Learn(OpenTask? known, OpenTask? found)
    {
        lock (_lock) return ReferenceEquals(_task, known) ? _task = found : _task;
    }

    /// <summary>Takes in what a step answered. Where it is not the one after the last that is known, others were taken elsewhere, and may have brought tools.</summary>
    /// <param name="instance">The instance it was taken on.</param>
    /// <param name="step">Its number; an answer that was given before changes nothing.</param>
    /// <param name="command">Its command's id.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>Whether the agent may call other tools from now on, as far as is known.</returns>
    public bool Advance(string instance, int step, string command, ReadOnlyMemory<byte> answer)
    {
        lock (_lock)
        {
            if (_task is not { } task || task.InstanceId != instance || step <= task.Step) return false;
            if (task.IsStale || step != task.Step + 1)
            {
                _task = task with { LastCommand = command, IsStale = true };
                return true;
            }

            var tools = task.Tools.After(answer);
            _task = task with { Tools = tools, Step = step, LastCommand = command };
            return !tools.IsSameAs(task.Tools);
        }
    }

    /// <summary>Remembers a command that completed and was no step.</summary>
    public void Note(string instance, string command)
    {
        lock (_lock)
        {
            if (_task?.InstanceId == instance) _task = _task with { LastCommand = command };
        }
    }

    /// <summary>Forgets an instance that has ended.</summary>
    /// <returns>Whether it was the one that is played.</returns>
    public bool Forget(string instance)
    {
        lock (_lock)
        {
            if (_task?.InstanceId != instance) return false;
            _task = null;
            return true;
        }
    }

    public void Dispose() => Turn.Dispose();
}
