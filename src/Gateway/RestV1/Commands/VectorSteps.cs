using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Requests;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary>The steps of one request as commands. Where one is wrong in itself none is taken.</summary>
internal static class VectorSteps
{
    /// <exception cref="BadRequestException">The list or a step in it is wrong; the detail says which.</exception>
    public static List<StepInstance> Read(JsonFields fields, RestCall call, int most)
    {
        RestCall.Require(fields, "steps");
        if (fields.Value("steps") is not { } steps) throw new BadRequestException("steps is required");
        if (steps.ValueKind != JsonValueKind.Array) throw new BadRequestException($"steps must be an array, not {RequestBody.Shown(steps)}");
        if (steps.GetArrayLength() is var length && length > most)
        {
            throw new BadRequestException($"steps has {length} entries; at most {most} are taken in one call (Gateway:MaxVectorSteps)", code: "too_many_steps");
        }

        var read = new List<StepInstance>(length);
        foreach (var step in steps.EnumerateArray()) read.Add(Read(step, read.Count, call));
        RequireDifferent(read, step => step.InstanceId, "are both for instance", "a call takes one step an instance, for its steps run side by side");
        RequireDifferent(read, step => step.CommandId, "both have the id", "a command has an id of its own");
        return read;
    }

    private static StepInstance Read(JsonElement step, int index, RestCall call)
    {
        try
        {
            if (step.ValueKind != JsonValueKind.Object) throw new BadRequestException($"must be an object, not {RequestBody.Shown(step)}");
            var fields = new JsonFields(step);
            return call.Step(fields.Required("instance_id"), fields, fields.Optional("command_id") ?? KeyOf(call, index), isListed: true);
        }
        catch (BadRequestException exception)
        {
            throw new BadRequestException($"steps[{index}]: {exception.Message}", exception.Status, exception.Code);
        }
    }

    /// <summary>One key protects all steps of the request: each has the key with its index as its id.</summary>
    private static string? KeyOf(RestCall call, int index)
    {
        if (call.Key is null) return null;
        var key = $"{call.Key}.{index}";
        return key.Length <= IdempotencyKey.Longest ? key : throw new BadRequestException($"{IdempotencyKey.Header} and the step's index must have at most {IdempotencyKey.Longest} characters together");
    }

    private static void RequireDifferent(List<StepInstance> steps, Func<StepInstance, string> name, string what, string why)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < steps.Count; i++)
        {
            if (!seen.TryAdd(name(steps[i]), i)) throw new BadRequestException($"steps[{seen[name(steps[i])]}] and steps[{i}] {what} '{name(steps[i])}'; {why}");
        }
    }
}
