namespace SandQueue.Transport;

/// <summary>The broker is there, and does not let us in; waiting does not help.</summary>
public sealed class BrokerRefusedException(string message, Exception inner) : Exception(message, inner);
