namespace SandQueue.Frames.Tests;

/// <summary>Tests that measure what the whole process allocates: nothing runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
