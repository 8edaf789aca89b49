namespace SandQueue.FaultRuns.Clients;

internal enum CommandKind
{
    Create,
    Step,
    Evaluate,
    Release,
}
