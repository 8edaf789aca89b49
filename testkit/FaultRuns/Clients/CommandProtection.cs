namespace SandQueue.FaultRuns.Clients;

/// <summary>How a client makes sure that what it sends again takes effect once.</summary>
internal enum CommandProtection
{
    /// <summary>The header <c>Idempotency-Key</c>.</summary>
    Header,

    /// <summary><c>params._command_id</c>.</summary>
    Parameter,

    /// <summary>The header, and <c>params._step</c> for steps.</summary>
    HeaderAndStep,

    /// <summary><c>params._step</c> alone for steps, the header for all else.</summary>
    StepOnly,
}
