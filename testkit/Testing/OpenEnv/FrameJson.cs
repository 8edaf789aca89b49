using System.Text.Json;

namespace SandQueue.Testing.OpenEnv;

/// <summary>Reads what tests look at most in frames.</summary>
public static class FrameJson
{
    public static JsonElement Observed(this JsonElement frame)
    {
        frame.GetProperty("type").GetString().ShouldBe("observation", frame.GetRawText());
        return frame.GetProperty("data").GetProperty("observation");
    }

    /// <summary>The message of a frame that has to be an error: one line, and no stack trace.</summary>
    public static string ErrorOf(this JsonElement frame, string code)
    {
        frame.GetProperty("type").GetString().ShouldBe("error", frame.GetRawText());
        frame.GetProperty("data").GetProperty("code").GetString().ShouldBe(code, frame.GetRawText());
        var message = frame.GetProperty("data").GetProperty("message").GetString()!;
        message.ShouldNotBeNullOrWhiteSpace();
        message.ShouldNotContain("\n");
        return message;
    }
}
