using SandQueue.Contracts;

namespace SandQueue.Workers.Abstractions;

/// <summary>The environment refused a request and did nothing. The message, one line, goes to the caller.</summary>
internal sealed class EnvironmentRejectedException(string detail) : Exception(OneLine.Of(detail));
