namespace SandQueue.Workers.Tests.Fakes;

/// <summary>Tests of what workers measure: the instruments are the process's, so no other worker runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
