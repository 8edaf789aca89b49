using System.Buffers;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary>Takes steps side by side, and answers all of them once the last has ended.</summary>
internal sealed class VectorDelivery(ICommandRouter router)
{
    /// <summary>About what is around an answer.</summary>
    private const int NamesBytes = 160;

    /// <summary>A step is delivered with the whole answer, and is reported as undelivered where its caller hangs up before that.</summary>
    public async Task AnswerAsync(HttpContext context, IReadOnlyList<StepInstance> steps)
    {
        var ends = new Task<StepEnd>[steps.Count];
        try
        {
            router.Together(() =>
            {
                for (var i = 0; i < ends.Length; i++) ends[i] = EndAsync(context, steps[i]);
            });
            var written = await Task.WhenAll(ends);
            context.RequestAborted.ThrowIfCancellationRequested();
            await WriteAsync(context, steps, written);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            await Task.WhenAll(steps.Where(step => step.HasNoIdempotencyKey).Select(router.ReportUndeliveredAsync));
            throw;
        }
    }

    private async Task<StepEnd> EndAsync(HttpContext context, StepInstance step)
    {
        try
        {
            var outcome = await router.SendAsync(step, context.RequestAborted);
            return outcome is CommandOutcome.Completed { Answer: var answer } ? new StepEnd(answer, IsAnswer: true) : new StepEnd(await CommandResult.OfAsync(context, step, outcome), IsAnswer: false);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return new StepEnd(NotSent(step, exception), IsAnswer: false);
        }
    }

    private static byte[] NotSent(StepInstance step, Exception failure)
    {
        var journal = JournalProbe.Problem(failure);
        var problem = new CommandProblem(
            StatusCodes.Status503ServiceUnavailable,
            journal is null ? ErrorCodes.DatabaseAway : ErrorCodes.JournalFull,
            journal ?? "the database cannot be reached; send the step again under the same command_id",
            new CommandOutcome.Rejected(CommandReason.NoCapacity, ""));
        return CommandResult.Of(step.CommandId, step.InstanceId, "rejected", problem);
    }

    private static Task WriteAsync(HttpContext context, IReadOnlyList<StepInstance> steps, StepEnd[] ends)
    {
        var buffer = new ArrayBufferWriter<byte>(ends.Sum(end => end.Json.Length + NamesBytes) + NamesBytes);
        using (var writer = new Utf8JsonWriter(buffer, RestJson.Writer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            for (var i = 0; i < ends.Length; i++)
            {
                if (ends[i].IsAnswer) CommandResult.Write(writer, steps[i], ends[i].Json);
                else writer.WriteRawValue(ends[i].Json, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, buffer.WrittenMemory);
    }

    /// <param name="Json">The answer, or how the step ended without one.</param>
    /// <param name="IsAnswer">Which of the two.</param>
    private readonly record struct StepEnd(byte[] Json, bool IsAnswer);
}
