using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>What reads say of an instance that the tenant never had, as commands do.</summary>
internal static class UnknownInstance
{
    public static BadRequestException Of(string name) =>
        new(InstanceErrors.Unknown(name), StatusCodes.Status404NotFound, OutcomeNames.Reason(CommandReason.UnknownInstance));
}
