namespace Acm.Server.Http;

/// <summary>Passes a request to the dialect of its path.</summary>
internal sealed class Router(Health health, IReadOnlyList<IDialect> dialects)
{
    public Task<Answer> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value == "/health") return Task.FromResult(health.Check());

        foreach (IDialect dialect in dialects)
        {
            if (dialect.TryAnswerAsync(context) is { } answer) return answer;
        }

        return Task.FromResult(Answer.NoSuchPath);
    }
}
