using SandQueue.Contracts;

namespace SandQueue.Workers.Abstractions;

/// <summary>A container could not be started or did not become healthy. The message, one line, is for the operator.</summary>
public sealed class ContainerException(string message, Exception? inner = null) : Exception(OneLine.Of(message), inner);
