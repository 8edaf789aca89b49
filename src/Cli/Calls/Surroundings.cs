using SandQueue.Cli.Screens;

namespace SandQueue.Cli.Calls;

/// <summary>What the program finds around it.</summary>
/// <param name="Screen">Where it writes.</param>
/// <param name="Input">Where it reads.</param>
/// <param name="IsInputTerminal">Whether somebody types there.</param>
/// <param name="Variable">Reads a variable of the environment.</param>
/// <param name="Time">The clock.</param>
internal sealed record Surroundings(Screen Screen, TextReader Input, bool IsInputTerminal, Func<string, string?> Variable, TimeProvider Time);
