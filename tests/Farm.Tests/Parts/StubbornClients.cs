using SandQueue.Testing;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>Clients that step an instance each and ask until they are answered, while something is broken beneath them.</summary>
internal sealed class StubbornClients
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>After these a client takes its time: what lasts minutes must not walk it out of its lake.</summary>
    private const int QuickSteps = 20;

    private readonly IReadOnlyList<GatewayProgram> _gateways;
    private readonly List<Task<int>> _playing;
    private readonly string _prefix;
    private readonly int _least;
    private int _answered;
    private int _failed;
    private bool _isOver;

    /// <param name="gateways">Whom they ask, in turn.</param>
    /// <param name="prefix">How their instances' names begin.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="least">Steps that each takes at least.</param>
    public StubbornClients(IReadOnlyList<GatewayProgram> gateways, string prefix, int count, int least)
    {
        (_gateways, _prefix, _least) = (gateways, prefix, least);
        _playing = [.. Enumerable.Range(0, count).Select(client => PlayAsync(Name(client)))];
    }

    /// <summary>Calls that had to be made again.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Waits until so many more steps were answered than now.</summary>
    public Task AnswerMoreAsync(int steps)
    {
        var wanted = Answered + steps;
        return Until.TrueAsync($"{steps} steps are answered", () => Answered >= wanted, Limit);
    }

    /// <summary>Ends them, and checks that the journal has each step that they were told of once, and no other.</summary>
    /// <returns>The steps of each.</returns>
    public async Task<int[]> EndAsync(FarmDatabase database)
    {
        Volatile.Write(ref _isOver, true);
        var steps = await Task.WhenAll(_playing);
        for (var client = 0; client < steps.Length; client++)
        {
            (await database.StepsAsync(Name(client))).Select(step => step.Step).ShouldBe(Enumerable.Range(1, steps[client]));
        }

        return steps;
    }

    /// <summary>Makes an instance as these clients do: asks under a key until it is answered.</summary>
    public static Task<Answer> CreateAsync(IReadOnlyList<GatewayProgram> gateways, string name, string task)
    {
        var key = $"{name}-0";
        return Walk.PersistAsync(gateways, async gateway =>
        {
            var tried = await gateway.CreateAsync(name, task, key);

            // That is the command's end: it made nothing, and needs a new one.
            if (IsExpired(tried)) key = $"{key}-again";
            return tried;
        });
    }

    private string Name(int client) => $"{_prefix}-{client}";

    private async Task<int> PlayAsync(string name)
    {
        await CreateAsync(_gateways, name, Walk.LongTask);
        var step = 0;
        while (!Volatile.Read(ref _isOver) || step < _least)
        {
            var (number, key) = (++step, $"{name}-{step}");
            if (step > QuickSteps) await Task.Delay(TimeSpan.FromMilliseconds(200));
            var answer = await Walk.PersistAsync(_gateways, async gateway =>
            {
                // A call that is stuck runs into its client's own limit, and fails the test.
                var tried = await gateway.StepAsync(name, "left", key);
                if (tried.Status != 200) Interlocked.Increment(ref _failed);

                // That is the command's end: it never took effect, and the step needs a new one.
                if (IsExpired(tried)) key = $"{key}-again";
                return tried;
            });
            answer.Good.GetProperty("info").GetProperty("step").GetInt32().ShouldBe(number);
            Interlocked.Increment(ref _answered);
        }

        return step;
    }

    private static bool IsExpired(Answer answer) => answer.Status == 504 && answer.Body.TryGetProperty("end", out var end) && end.GetString() == "expired";
}
