using System.Buffers;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary>Takes steps side by side, and answers all of them once the last has ended.</summary>
internal sealed class VectorDelivery(StepDelivery delivery)
{
    public async Task AnswerAsync(HttpContext context, IReadOnlyList<StepInstance> steps)
    {
        var ends = new byte[steps.Count][];
        var left = steps.Count;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (left == 0) await WriteAsync(context, ends);
        await Task.WhenAll(steps.Select(RunAsync));

        async Task RunAsync(StepInstance step, int index)
        {
            try
            {
                await delivery.AnswerAsync(step, async outcome => await EndAsync(index, await CommandResult.OfAsync(context, step, outcome)), context.RequestAborted);
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                await EndAsync(index, NotSent(step, exception));
            }
        }

        // A step is delivered with the whole answer, and is reported as undelivered where its caller hangs up before that.
        async Task EndAsync(int index, byte[] end)
        {
            ends[index] = end;
            if (Interlocked.Decrement(ref left) > 0)
            {
                await written.Task.WaitAsync(context.RequestAborted);
                return;
            }

            try
            {
                await WriteAsync(context, ends);
                written.SetResult();
            }
            catch (Exception exception)
            {
                written.SetException(exception);
                throw;
            }
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

    private static Task WriteAsync(HttpContext context, byte[][] ends)
    {
        var buffer = new ArrayBufferWriter<byte>(ends.Sum(end => end.Length + 1) + 16);
        buffer.Write("{\"results\":["u8);
        for (var i = 0; i < ends.Length; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(ends[i]);
        }

        buffer.Write("]}"u8);
        return JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, buffer.WrittenMemory);
    }
}
