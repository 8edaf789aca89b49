namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>A server as a process is started of it.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">Its environment variables beside those it inherits.</param>
/// <param name="WorkingFolder">The folder it runs in; empty for the worker's own.</param>
/// <param name="Endpoint">Where it will listen.</param>
/// <param name="Digest">Of what runs, <c>sha256:…</c>.</param>
internal sealed record ServerProgram(
    string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, string WorkingFolder, ServerEndpoint Endpoint, string Digest);
