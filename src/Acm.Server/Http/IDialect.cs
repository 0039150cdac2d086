namespace Acm.Server.Http;

/// <summary>A protocol over the store. Dialects are independent of each other.</summary>
internal interface IDialect
{
    /// <summary>Handles a request; returns null if the path does not belong to this dialect.</summary>
    Task<Answer>? TryAnswerAsync(HttpContext context);
}
