'use strict';

// Starts acm-step.ps1 in PowerShell 7, or on Windows without it in Windows PowerShell. Needs no npm package.
const { spawn } = require('child_process');
const path = require('path');

const script = path.join(__dirname, 'acm-step.ps1');
const shells = process.platform === 'win32' ? ['pwsh.exe', 'powershell.exe'] : ['pwsh'];

// The agent passes each input as INPUT_NAME; the script reads ACM_INPUT_NAME. Variables that have such a name already are variables of the job, not inputs, and are removed.
const environment = {};
for (const [name, value] of Object.entries(process.env)) {
    if (name.toUpperCase().startsWith('ACM_INPUT_')) continue;
    environment[name.toUpperCase().startsWith('INPUT_') ? 'ACM_' + name.toUpperCase() : name] = value;
}

// The agent would add a second annotation for an exit code other than 0.
function fail(message, isTold) {
    // Agents decode %AZP25 as a percent sign, unless the pipeline sets DECODE_PERCENTS to false.
    const encoded = (process.env.DECODE_PERCENTS || '').toLowerCase() === 'false' ? message : message.replace(/%/g, '%AZP25');
    const data = encoded.replace(/\r/g, '%0D').replace(/\n/g, '%0A');
    if (!isTold) console.log('##vso[task.logissue type=error]' + data);
    console.log('##vso[task.complete result=Failed;]' + data);
}

function start([shell, ...others]) {
    const policy = process.platform === 'win32' ? ['-ExecutionPolicy', 'Bypass'] : [];
    const child = spawn(shell, ['-NoProfile', '-NonInteractive', ...policy, '-File', script], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    let started = false;
    child.on('spawn', () => { started = true; });
    child.on('error', (error) => {
        if (started) return;
        if (error.code === 'ENOENT' && others.length > 0) start(others);
        else fail(error.code === 'ENOENT' ? 'PowerShell was not found on this agent (' + shells.join(', ') + '). To install it, see https://aka.ms/powershell.' : error.message);
    });
    child.on('exit', (code, signal) => {
        if (signal) fail('PowerShell was terminated by ' + signal + '.');
        else if (code !== 0) fail('The step failed; its error is above.', true);
    });
    // If the job is canceled, end PowerShell as well.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
}

start(shells);
