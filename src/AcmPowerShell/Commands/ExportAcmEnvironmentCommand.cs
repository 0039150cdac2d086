using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Exports configurations as variables: to later steps of a GitHub Actions or Azure Pipelines job, to a .env file, or to this process. Nothing is written if
/// a variable is not valid.
/// </summary>
[Cmdlet(VerbsData.Export, "AcmEnvironment", SupportsShouldProcess = true)]
[OutputType(typeof(AcmVariable))]
public sealed class ExportAcmEnvironmentCommand : AcmCmdlet
{
    private KeyGathering? _keys;
    private string? _path;
    private bool _hasWarnedOfNamespace;

    /// <summary>Data IDs. Wildcards are supported.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, PipedKey, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection, AllowEmptyString, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter)), PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Target of the variables. Defaults to the current pipeline, or to this process outside a pipeline.</summary>
    [Parameter]
    public AcmEnvironmentScope Scope { get; set; }

    /// <summary>The .env file to replace. Implies -Scope DotEnv.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Format of the content. Defaults to that of the data ID's extension.</summary>
    [Parameter]
    public AcmContentFormat Format { get; set; }

    /// <summary>Name of a single variable for the whole content of one configuration.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Prefix for all names.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyString]
    public string Prefix { get; set; } = "";

    /// <summary>Allowed names; another name is an error. In a pipeline, specify this, -Prefix or -Name. Otherwise anyone who can write the configuration could set any variable.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowName { get; set; } = [];

    /// <summary>Separator between the names of a path, as in DB_HOST. ASP.NET Core expects two underscores.</summary>
    [Parameter]
    [ValidatePattern("^_+$")]
    public string Separator { get; set; } = "_";

    /// <summary>Keep the case of names. By default, names are converted to upper case.</summary>
    [Parameter]
    public SwitchParameter KeepCase { get; set; }

    /// <summary>Case-insensitive wildcards for names of secret values: data IDs, names within them, and variables. A pattern that starts with ! is an exception. Values of cipher- data IDs are always secret.</summary>
    [Parameter]
    [ValidateNotNull, AllowEmptyCollection, SupportsWildcards]
    public string[] SecretPattern { get; set; } = [.. SecretNames.Defaults];

    /// <summary>Encode multiline secrets as Base64 of their UTF-8 text, because Azure Pipelines agents reject them. Consumers have to decode the variable.</summary>
    [Parameter]
    public SwitchParameter EncodeMultilineSecret { get; set; }

    /// <summary>In a pipeline, set outputs of this step instead of variables for later steps.</summary>
    [Parameter]
    public SwitchParameter AsOutput { get; set; }

    /// <summary>Return the variables.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        if (Path is not null)
        {
            if (Scope is not (AcmEnvironmentScope.Auto or AcmEnvironmentScope.DotEnv)) Refuse("-Path is for -Scope DotEnv only.", nameof(Path), Path);
            Scope = AcmEnvironmentScope.DotEnv;
            _path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem") Refuse($"'{Path}' is not in the file system.", nameof(Path), Path);
        }
        else if (Scope == AcmEnvironmentScope.DotEnv)
        {
            Refuse("-Scope DotEnv needs -Path, the file to write.", nameof(Path));
        }

        if (Scope == AcmEnvironmentScope.Auto) Scope = DetectScope();
        if (AsOutput && !IsPipeline) Refuse("-AsOutput needs -Scope GitHub or AzurePipelines.", nameof(AsOutput));

        Progress.Activity = "Reading configurations";
        _keys = new KeyGathering(Client, Call, Pipeline);
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        RefuseUnusable(DataId, Group);
        string? origin = PipedKey.Of(DataId)?.Namespace;
        if (!_hasWarnedOfNamespace && WrongNamespace(origin, DataId[0]) is not null)
        {
            _hasWarnedOfNamespace = true;
            Pipeline.WriteWarning(PipedKeys.OtherNamespace(origin, NamespaceText.Of(Client)));
        }

        return _keys!.AddAsync(DataId, Group, cancellationToken);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (string text in _keys!.Unmatched) Pipeline.WriteWarning($"No configuration matches '{text}'.");
        if (_keys.HasFailed)
        {
            Pipeline.WriteWarning("No variables were written, because some of them failed.");
            return;
        }

        if (_keys.Keys.Count == 0) return;
        if (Name is not null && _keys.Keys.Count > 1)
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter($"-Name needs one configuration, but {_keys.Keys.Count} were specified.", nameof(Name), Name)).ConfigureAwait(false);
            return;
        }

        IVariableTarget target = Target();
        var naming = new VariableNaming(AllowName) { Prefix = Prefix, Separator = Separator, KeepCase = KeepCase, EncodeMultilineSecrets = EncodeMultilineSecret };
        var variables = new VariableSet(naming, SecretPattern, target);
        var errors = new List<ErrorRecord>();
        var warnings = new List<string>();
        foreach (ConfigResult result in await Client.GetManyAsync(_keys.Keys, call: Call, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (result.Error is not null)
            {
                errors.Add(AcmErrors.Record(result.Error, result.Key));
                continue;
            }

            if (result.Config!.Warning is { } warning) warnings.Add(warning);
            try
            {
                variables.Add(result.Config, Format, Name);
            }
            catch (FormatException e)
            {
                errors.Add(new ErrorRecord(
                    new FormatException($"'{result.Key}' cannot become variables. {e.Message}"), "AcmInvalidVariable", ErrorCategory.InvalidData, result.Key));
            }
        }

        if (IsPipeline && !AsOutput && Prefix.Length == 0 && Name is null && AllowName.Length == 0) errors.Add(UnrestrictedNames());

        // Invalid variables are reported first.
        if (errors.Count == 0 && variables.Masks.All.Select(target.RefuseMask).FirstOrDefault(why => why is not null) is { } refusal) errors.Add(CannotMask(refusal));

        // Masks are set before any output, because a message below can contain a secret.
        target.Mask(variables.Masks.All);
        foreach (string warning in warnings.Concat(variables.Notes)) Pipeline.WriteWarning(warning);
        foreach (ErrorRecord error in errors) await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
        if (errors.Count > 0)
        {
            Pipeline.WriteWarning("No variables were written, because some of them failed.");
            return;
        }

        if (!await Pipeline.ShouldProcessAsync($"{target.Description}: {string.Join(", ", variables.Variables.Select(variable => variable.Name))}", "Write variables").ConfigureAwait(false)) return;

        try
        {
            target.Set(variables.Variables);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await Pipeline.WriteErrorAsync(new ErrorRecord(e, "AcmVariablesNotWritten", ErrorCategory.WriteError, target.Description)).ConfigureAwait(false);
            return;
        }

        foreach (string note in target.Notes) Pipeline.WriteWarning(note);
        if (!PassThru) return;

        foreach (AcmVariable variable in variables.Variables) await Pipeline.WriteObjectAsync(variable).ConfigureAwait(false);
    }

    private bool IsPipeline => Scope is AcmEnvironmentScope.GitHub or AcmEnvironmentScope.AzurePipelines;

    private static ErrorRecord CannotMask(string why) => new(
        new FormatException("The configurations hold a secret that could not be hidden from the log, " + why), "AcmInvalidVariable", ErrorCategory.InvalidData, targetObject: null);

    private static ErrorRecord UnrestrictedNames() => new(
        new ArgumentException("In a pipeline, variables need a -Prefix, a -Name or a list of names with -AllowName. Without one, people who can edit the configuration could set any variable of later steps, and run code there."),
        "AcmInvalidVariable",
        ErrorCategory.InvalidArgument,
        targetObject: null);

    private static AcmEnvironmentScope DetectScope() =>
        IsTrue("GITHUB_ACTIONS") ? AcmEnvironmentScope.GitHub
        : IsTrue("TF_BUILD") ? AcmEnvironmentScope.AzurePipelines
        : AcmEnvironmentScope.Process;

    private static bool IsTrue(string variable) => string.Equals(Environment.GetEnvironmentVariable(variable), "true", StringComparison.OrdinalIgnoreCase);

    // Written directly to standard output, where the runner reads it. A transcript would record the secrets.
    private IVariableTarget Target() => Scope switch
    {
        AcmEnvironmentScope.GitHub => new GitHubTarget(Environment.GetEnvironmentVariable, Console.Out, AsOutput),
        AcmEnvironmentScope.AzurePipelines => new AzurePipelinesTarget(Environment.GetEnvironmentVariable, Console.Out, AsOutput),
        AcmEnvironmentScope.DotEnv => new DotEnvTarget(_path!),
        _ => new ProcessTarget(),
    };

    private void Refuse(string message, string parameter, object? value = null) => ThrowTerminatingError(AcmErrors.InvalidParameter(message, parameter, value));
}
