namespace SandQueue.EndToEnd.Life;

/// <summary>Tests that hold the program to seconds: nothing runs beside them.</summary>
[CollectionDefinition(nameof(TimedAlone), DisableParallelization = true)]
public sealed class TimedAlone;
