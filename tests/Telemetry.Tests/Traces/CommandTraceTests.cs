using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Telemetry.Tests.Traces;

/// <summary>Listeners are the process's: these tests run one after the other.</summary>
[Collection(nameof(CommandTraceTests))]
public sealed class CommandTraceTests
{
    [Fact]
    public void Without_a_listener_there_is_no_span_and_nothing_is_allocated()
    {
        var (step, received) = (Commands.Step, Commands.Step with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1000; time++) All();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void All()
        {
            if (CommandTrace.Send(step) is not null || CommandTrace.Receive(received) is not null || CommandTrace.Part("part", ActivityKind.Internal) is not null) throw new InvalidOperationException("a span");
        }
    }

    [Fact]
    public void A_worker_goes_on_with_the_span_that_came_in_the_message()
    {
        using var kept = new KeptSpans();
        using var sent = CommandTrace.Send(Commands.Step);
        var command = Commands.Step with { TraceParent = sent!.Id, TraceState = sent.TraceStateString };
        Activity.Current = null;

        using var received = CommandTrace.Receive(command);
        received!.TraceId.ShouldBe(sent.TraceId);
        received.ParentSpanId.ShouldBe(sent.SpanId);
        received.OperationName.ShouldBe("execute step");
        received.GetTagItem(CommandTrace.CommandId).ShouldBe("c1");
        received.GetTagItem(CommandTrace.InstanceId).ShouldBe("i1");
        using var part = CommandTrace.Part("call environment", ActivityKind.Client, "lake");
        part!.ParentSpanId.ShouldBe(received.SpanId);
        part.GetTagItem(CommandTrace.EnvironmentName).ShouldBe("lake");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a parent")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void A_command_that_its_sender_does_not_trace_has_no_span_at_its_worker(string? parent)
    {
        using var kept = new KeptSpans();
        CommandTrace.Receive(Commands.Step with { TraceParent = parent }).ShouldBeNull();
        CommandTrace.Part("part", ActivityKind.Internal).ShouldBeNull();
    }

    [Fact]
    public void What_is_not_sampled_has_no_span_and_is_not_current()
    {
        using var kept = new KeptSpans(ActivitySamplingResult.PropagationData);
        CommandTrace.Send(Commands.Create).ShouldBeNull();
        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void Within_what_is_not_sampled_the_sampler_is_not_asked_again()
    {
        using var kept = new KeptSpans(ActivitySamplingResult.PropagationData);
        using var door = CommandTrace.Arrive("door", parent: null);
        CommandTrace.Send(Commands.Step).ShouldBeNull();
        Activity.Current.ShouldBe(door);
        kept.Asked.ShouldBe(1);
    }

    [Fact]
    public void The_run_that_a_caller_names_is_on_the_span()
    {
        using var kept = new KeptSpans();
        using var door = CommandTrace.Arrive("door", parent: null);
        door!.SetBaggage(CommandTrace.RunId, "run 7");
        using var sent = CommandTrace.Send(Commands.Create);
        sent!.GetTagItem(CommandTrace.RunId).ShouldBe("run 7");
        sent.GetTagItem(CommandTrace.EnvironmentName).ShouldBe("lake");
    }

    [Fact]
    public void A_failure_makes_the_span_an_error_and_what_another_worker_executes_does_not()
    {
        using var kept = new KeptSpans();
        using (var failed = CommandTrace.Send(Commands.Step))
        {
            CommandTrace.Replied(failed!, CommandReply.Failed(Commands.Step, "it fell"));
            failed!.Status.ShouldBe(ActivityStatusCode.Error);
            failed.GetTagItem("sandqueue.end").ShouldBe("failed");
        }

        using var forwarded = CommandTrace.Send(Commands.Step);
        CommandTrace.Replied(forwarded!, reply: null);
        forwarded!.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    private sealed class KeptSpans : IDisposable
    {
        private readonly ActivityListener _listener;

        /// <summary>How often it was asked whether to sample.</summary>
        public int Asked { get; private set; }

        public KeptSpans(ActivitySamplingResult result = ActivitySamplingResult.AllDataAndRecorded)
        {
            Activity.Current = null;
            _listener = new ActivityListener { ShouldListenTo = source => source.Name == Signals.Name, Sample = Sample };
            ActivitySource.AddActivityListener(_listener);

            ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
            {
                Asked++;
                return result;
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
