namespace Acm.Client.Calls;

/// <summary>Writes log lines of a call to the client's log and to its own.</summary>
internal readonly struct CallLog
{
    private readonly IAcmLog? _client;
    private readonly IAcmLog? _call;

    public CallLog(IAcmLog? client, IAcmLog? call)
    {
        _client = client;
        _call = call;
    }

    public bool IsEnabled(AcmLogLevel level) => _client?.IsEnabled(level) == true || _call?.IsEnabled(level) == true;

    public void Write(AcmLogLevel level, string message)
    {
        if (_client?.IsEnabled(level) == true) _client.Write(level, message);
        if (_call?.IsEnabled(level) == true) _call.Write(level, message);
    }
}
