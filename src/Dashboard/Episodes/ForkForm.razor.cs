using Microsoft.AspNetCore.Components;

namespace SandQueue.Dashboard.Episodes;

/// <summary>Asks who plays on behind a step.</summary>
public sealed partial class ForkForm : ComponentBase
{
    private string _type = "gold";
    private string _actions = "";

    /// <summary>The step behind which it goes on.</summary>
    [Parameter] public int Step { get; set; }

    /// <summary>Whether something is under way.</summary>
    [Parameter] public bool Busy { get; set; }

    /// <summary>The reader has changed their mind.</summary>
    [Parameter] public EventCallback OnClose { get; set; }

    /// <summary>The reader has chosen.</summary>
    [Parameter] public EventCallback<ForkChoice> OnFork { get; set; }

    private Task ForkAsync() => OnFork.InvokeAsync(new ForkChoice(
        Step, _type == "recorded" ? new { type = _type, actions = _actions.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) } : new { type = _type }));
}

/// <summary>What a reader chose.</summary>
/// <param name="Step">The step behind which it goes on.</param>
/// <param name="Policy">Who plays then.</param>
public sealed record ForkChoice(int Step, object Policy);
