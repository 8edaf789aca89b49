namespace SandQueue.Rollouts.Endpoints;

/// <summary>An endpoint's address is none that may be called.</summary>
/// <param name="message">Which, and what to do.</param>
internal sealed class AddressRefusedException(string message) : Exception(message);
