namespace SandQueue.Workers.Abstractions;

/// <summary>The environment refused a request and did nothing. The message goes to the caller.</summary>
internal sealed class EnvironmentRejectedException(string detail) : Exception(detail);
