namespace SandQueue.Transport.Brokers;

/// <summary>The broker is there, and refuses access; waiting does not help.</summary>
public sealed class BrokerRefusedException(string message, Exception inner) : Exception(message, inner);
