namespace SandQueue.Contracts;

/// <summary>A message that asks for work.</summary>
public interface ICommand
{
    /// <summary>
    /// The idempotency key, unique per caller: at most 200 characters. The same id sent again gets the first answer.
    /// </summary>
    string CommandId { get; }

    /// <summary>Who asks: a short hash of the API key, or <see cref="Tenants.Local"/> where the gateway needs none.</summary>
    string Tenant { get; }

    /// <summary>
    /// Milliseconds that remained to the caller when the command was sent. Never a wall-clock time: clocks of two
    /// machines differ.
    /// </summary>
    int RemainingMs { get; }
}

/// <summary>A command for one live instance, which its owner executes.</summary>
public interface IInstanceCommand : ICommand
{
    /// <summary>The caller's name for the instance.</summary>
    string InstanceId { get; }

    /// <summary>How often workers have passed the command on to another; two is the limit.</summary>
    int Forwards { get; }
}
