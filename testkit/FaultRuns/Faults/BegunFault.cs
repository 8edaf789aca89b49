namespace SandQueue.FaultRuns.Faults;

/// <summary>A fault that happens now.</summary>
/// <param name="Words">What is broken, for people.</param>
/// <param name="Over">Ends when it is put right.</param>
internal sealed record BegunFault(string Words, Task Over);
