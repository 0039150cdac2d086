using System.Management.Automation;
using System.Security;

namespace AcmShell.Commands;

/// <summary>Plain text only: what <c>ConvertFrom-SecureString</c> has encrypted it does not read, and so <c>-AsPlainText</c> must be there.</summary>
[Cmdlet(VerbsData.ConvertTo, "SecureString")]
[OutputType(typeof(SecureString))]
internal sealed class ConvertToSecureStringCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string String { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    [Parameter(Position = 2)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var secret = new SecureString();
        foreach (char c in String) secret.AppendChar(c);
        secret.MakeReadOnly();
        WriteObject(secret);
    }
}
